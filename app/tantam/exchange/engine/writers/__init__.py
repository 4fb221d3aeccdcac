"""One writer for each kind of draft: a batch of drafts becomes rows, in a handful of statements."""
