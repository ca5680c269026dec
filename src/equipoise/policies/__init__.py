"""Scores to a slate and its probability."""
