"""Estimators of what a policy is worth, from single logged actions: one a file."""

from equipoise.evaluation.offpolicy.estimators.balanced_ips import BalancedIPS
from equipoise.evaluation.offpolicy.estimators.direct_method import DirectMethod
from equipoise.evaluation.offpolicy.estimators.doubly_robust import DoublyRobust
from equipoise.evaluation.offpolicy.estimators.ips import IPS
from equipoise.evaluation.offpolicy.estimators.learned_mips import LearnedMIPS
from equipoise.evaluation.offpolicy.estimators.mips import MIPS
from equipoise.evaluation.offpolicy.estimators.replay import Replay
from equipoise.evaluation.offpolicy.estimators.self_normalised import SelfNormalisedIPS
from equipoise.evaluation.offpolicy.estimators.self_normalised_dr import SelfNormalisedDR
from equipoise.evaluation.offpolicy.estimators.several_loggers import (
    BalancedLoggersDR,
    BalancedLoggersIPS,
    WeightedLoggersDR,
    WeightedLoggersIPS,
)
from equipoise.evaluation.offpolicy.estimators.shrinkage_dr import ShrinkageDR
from equipoise.evaluation.offpolicy.estimators.sub_gaussian import SubGaussianIPS
from equipoise.evaluation.offpolicy.estimators.sub_gaussian_dr import SubGaussianDR
from equipoise.evaluation.offpolicy.estimators.switch_dr import SwitchDR

__all__ = [
    "IPS",
    "MIPS",
    "BalancedIPS",
    "BalancedLoggersDR",
    "BalancedLoggersIPS",
    "DirectMethod",
    "DoublyRobust",
    "LearnedMIPS",
    "Replay",
    "SelfNormalisedDR",
    "SelfNormalisedIPS",
    "ShrinkageDR",
    "SubGaussianDR",
    "SubGaussianIPS",
    "SwitchDR",
    "WeightedLoggersDR",
    "WeightedLoggersIPS",
]
