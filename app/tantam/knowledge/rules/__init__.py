"""What is decided about guides without a database."""
