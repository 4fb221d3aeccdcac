"""What the pages of guides, and the rooms above, read."""
