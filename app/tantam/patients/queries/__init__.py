"""Questions about patients that read more than one row."""
