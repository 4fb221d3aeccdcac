"""What is typed about people, read by the rules of this room."""
