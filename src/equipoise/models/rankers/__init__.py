"""Rankers: from the features of an impression to the probability that something comes of it.

They are a package of their own beside the families of scorers, for they follow another protocol (`ranker`),
and some are no nets.
"""

from equipoise.models.rankers.calibrated import Calibrated
from equipoise.models.rankers.dcn_v2 import DCNv2
from equipoise.models.rankers.deep_fm import DeepFM
from equipoise.models.rankers.ensemble import Ensemble
from equipoise.models.rankers.lightgbm import LightGBM
from equipoise.models.rankers.logistic import Logistic
from equipoise.models.rankers.lstm_ranker import LSTMRanker
from equipoise.models.rankers.mean_rate import MeanRate
from equipoise.models.rankers.polynomial import Polynomial
from equipoise.models.rankers.ranker import Ranker, RankerLearner

__all__ = [
    "Calibrated",
    "DCNv2",
    "DeepFM",
    "Ensemble",
    "LSTMRanker",
    "LightGBM",
    "Logistic",
    "MeanRate",
    "Polynomial",
    "Ranker",
    "RankerLearner",
]
