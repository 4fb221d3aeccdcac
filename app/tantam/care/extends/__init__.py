"""What care registers with rooms below: the timeline, the bell, the names of looks."""
