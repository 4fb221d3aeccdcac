"""Pages about consents, their words, who looked, and everything held about one person."""
