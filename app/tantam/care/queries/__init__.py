"""What care's pages read."""
