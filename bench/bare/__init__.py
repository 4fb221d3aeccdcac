"""The ceiling of what a page can be: Django, a session, one indexed query, 50 plain rows, no components."""
