"""Arrays to scores: learners, and the scorers they fit."""

from equipoise.models.content.content_knn import ContentKNN
from equipoise.models.content.content_regression import ContentRegression
from equipoise.models.factors.als import ALS
from equipoise.models.factors.biased_svd import BiasedSVD
from equipoise.models.factors.bpr import BPR
from equipoise.models.factors.pure_svd import PureSVD
from equipoise.models.fusion.blend import Blend
from equipoise.models.fusion.reciprocal_rank import ReciprocalRank
from equipoise.models.fusion.stacking import Stacking
from equipoise.models.learner import Explains, Learner, Scorer, TopK
from equipoise.models.linear.ease import EASE
from equipoise.models.linear.elsa import ELSA
from equipoise.models.linear.slim import SLIM
from equipoise.models.linear.slist import SLIST
from equipoise.models.neighbours.borrowed_rules import BorrowedRules
from equipoise.models.neighbours.graph_filter import GraphFilter
from equipoise.models.neighbours.item_knn import ItemKNN
from equipoise.models.neighbours.rp3beta import RP3Beta
from equipoise.models.neighbours.sequential_rules import SequentialRules
from equipoise.models.neighbours.session_blend import SessionBlend
from equipoise.models.neighbours.session_knn import SessionKNN
from equipoise.models.neighbours.user_knn import UserKNN
from equipoise.models.neural.caser import Caser
from equipoise.models.neural.gated_sasrec import GatedSASRec
from equipoise.models.neural.gru import GRU
from equipoise.models.neural.lstm import LSTM
from equipoise.models.neural.sasrec import SASRec
from equipoise.models.neural.two_tower import TwoTower
from equipoise.models.popularity import Popularity
from equipoise.models.segment_popularity import SegmentPopularity

__all__ = [
    "ALS",
    "BPR",
    "EASE",
    "ELSA",
    "GRU",
    "LSTM",
    "SLIM",
    "SLIST",
    "BiasedSVD",
    "Blend",
    "BorrowedRules",
    "Caser",
    "ContentKNN",
    "ContentRegression",
    "Explains",
    "GatedSASRec",
    "GraphFilter",
    "ItemKNN",
    "Learner",
    "Popularity",
    "PureSVD",
    "RP3Beta",
    "ReciprocalRank",
    "SASRec",
    "Scorer",
    "SegmentPopularity",
    "SequentialRules",
    "SessionBlend",
    "SessionKNN",
    "Stacking",
    "TopK",
    "TwoTower",
    "UserKNN",
]
