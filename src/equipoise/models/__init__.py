"""Arrays to scores: learners, and the scorers they fit."""

from equipoise.models.learner import Learner, Scorer, TopK
from equipoise.models.linear.ease import EASE
from equipoise.models.neighbours.item_knn import ItemKNN
from equipoise.models.popularity import Popularity

__all__ = ["EASE", "ItemKNN", "Learner", "Popularity", "Scorer", "TopK"]
