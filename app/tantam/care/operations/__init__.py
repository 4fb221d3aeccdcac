"""The acts of care: rules and claims, calls and what is learnt in them."""
