"""Wiring: candidates, scorer, features and policy make a recommender."""
