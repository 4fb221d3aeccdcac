"""Pure decisions about people: what is written about them made clean, what they are found by, who is who."""
