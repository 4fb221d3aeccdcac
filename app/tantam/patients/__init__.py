"""The person: who they are, how to reach them, who speaks for them, and how they are found again."""
