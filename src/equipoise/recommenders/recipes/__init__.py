"""Recipes: each wires one recommender from fitted parts."""
