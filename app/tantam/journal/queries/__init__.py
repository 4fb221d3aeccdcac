"""Questions about the journal as a whole."""
