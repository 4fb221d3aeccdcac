"""Decisions of the journal without a database."""
