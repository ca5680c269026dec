"""How much to explore."""
