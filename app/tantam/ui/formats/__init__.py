"""Dates and figures as people here write them, in all three languages."""
