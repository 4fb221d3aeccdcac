"""What rooms above add to the pages about a patient."""
