"""What the processes say about themselves and stream to open pages: health, figures, live updates."""
