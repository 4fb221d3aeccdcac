"""What we know how to say: conversation guides, versioned (C5). Guides, not scripts to read out."""
