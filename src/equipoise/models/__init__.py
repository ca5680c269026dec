"""Arrays to scores: learners, and the scorers they fit."""

from equipoise.models.content.content_knn import ContentKNN
from equipoise.models.content.content_regression import ContentRegression
from equipoise.models.fusion.blend import Blend
from equipoise.models.fusion.reciprocal_rank import ReciprocalRank
from equipoise.models.fusion.stacking import Stacking
from equipoise.models.learner import Explains, Learner, Scorer, TopK
from equipoise.models.linear.ease import EASE
from equipoise.models.neighbours.item_knn import ItemKNN
from equipoise.models.neural.sasrec import SASRec
from equipoise.models.popularity import Popularity
from equipoise.models.segment_popularity import SegmentPopularity

__all__ = [
    "EASE",
    "Blend",
    "ContentKNN",
    "ContentRegression",
    "Explains",
    "ItemKNN",
    "Learner",
    "Popularity",
    "ReciprocalRank",
    "SASRec",
    "Scorer",
    "SegmentPopularity",
    "Stacking",
    "TopK",
]
