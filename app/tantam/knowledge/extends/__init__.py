"""What knowledge registers with rooms below."""
