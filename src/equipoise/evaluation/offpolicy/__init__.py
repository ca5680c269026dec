"""Judging a policy by what another one logged."""

from equipoise.evaluation.offpolicy.accepted import Accepted, accepted
from equipoise.evaluation.offpolicy.estimate import Estimate, OffPolicyEstimator
from equipoise.evaluation.offpolicy.folds import Folds
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.prediction import MeanRewards, Regression, RidgeRewards, predicted
from equipoise.evaluation.offpolicy.target import Target
from equipoise.evaluation.offpolicy.weighed import Weighed

__all__ = [
    "Accepted",
    "Estimate",
    "Folds",
    "LoggedActions",
    "MeanRewards",
    "OffPolicyEstimator",
    "Regression",
    "RidgeRewards",
    "Target",
    "Weighed",
    "accepted",
    "predicted",
]
