"""Decisions of care that need no database."""
