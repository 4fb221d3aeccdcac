"""The forms of the pages about consent and personal data."""
