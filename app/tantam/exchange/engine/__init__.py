"""The machine of the import: files are read into drafts, checked against what is here, and written part by part."""
