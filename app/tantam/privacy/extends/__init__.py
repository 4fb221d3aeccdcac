"""What this room registers with the rooms below it."""
