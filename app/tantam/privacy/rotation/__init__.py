"""Sealing everything with a new key while people work; the acts that begin and end it are operations."""
