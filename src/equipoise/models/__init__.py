"""Arrays to scores: learners, and the scorers they fit."""

from equipoise.models.fusion.blend import Blend
from equipoise.models.learner import Explains, Learner, Scorer, TopK
from equipoise.models.linear.ease import EASE
from equipoise.models.linear.elsa import ELSA
from equipoise.models.linear.slim import SLIM
from equipoise.models.linear.slist import SLIST
from equipoise.models.neighbours.item_knn import ItemKNN
from equipoise.models.neural.sasrec import SASRec
from equipoise.models.popularity import Popularity

__all__ = [
    "EASE",
    "ELSA",
    "SLIM",
    "SLIST",
    "Blend",
    "Explains",
    "ItemKNN",
    "Learner",
    "Popularity",
    "SASRec",
    "Scorer",
    "TopK",
]
