"""Wiring: candidates, scorer, features and policy make a recommender."""

from equipoise.recommenders.features import Features
from equipoise.recommenders.recommender import Batch, Recommendation, Recommender
from equipoise.recommenders.sources import BestMatch, BoughtTogether, NewArrivals, Popular, Similar, Source
from equipoise.recommenders.view import Request, View

__all__ = [
    "Batch",
    "BestMatch",
    "BoughtTogether",
    "Features",
    "NewArrivals",
    "Popular",
    "Recommendation",
    "Recommender",
    "Request",
    "Similar",
    "Source",
    "View",
]
