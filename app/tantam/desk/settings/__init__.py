"""Pages about the organisation itself. Facility and journal stand below the door, so their pages are here."""
