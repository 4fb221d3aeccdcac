"""The acts of accounts: who is invited, what they may do, where they are signed in."""
