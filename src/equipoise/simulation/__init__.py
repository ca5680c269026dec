"""Shoppers whose taste is known."""
