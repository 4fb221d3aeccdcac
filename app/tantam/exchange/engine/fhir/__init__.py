"""FHIR R4: bundles, resources and NDJSON read into drafts (B5)."""
