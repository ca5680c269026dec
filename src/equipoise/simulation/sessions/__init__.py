"""Shoppers over sessions: what a slate does to the rest of the visit, and to whether they come again."""
