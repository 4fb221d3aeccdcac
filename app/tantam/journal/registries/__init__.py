"""What rooms above add to this one."""
