"""Arrays to scores: learners, and the scorers they fit."""

from equipoise.models.fusion.blend import Blend
from equipoise.models.learner import Explains, Learner, Scorer, TopK
from equipoise.models.linear.ease import EASE
from equipoise.models.neighbours.graph_filter import GraphFilter
from equipoise.models.neighbours.item_knn import ItemKNN
from equipoise.models.neighbours.rp3beta import RP3Beta
from equipoise.models.neighbours.user_knn import UserKNN
from equipoise.models.neural.sasrec import SASRec
from equipoise.models.popularity import Popularity

__all__ = [
    "EASE",
    "Blend",
    "Explains",
    "GraphFilter",
    "ItemKNN",
    "Learner",
    "Popularity",
    "RP3Beta",
    "SASRec",
    "Scorer",
    "TopK",
    "UserKNN",
]
