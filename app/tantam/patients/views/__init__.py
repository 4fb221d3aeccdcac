"""The pages about who patients are and how to reach them."""
