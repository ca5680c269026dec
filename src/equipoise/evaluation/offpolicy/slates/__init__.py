"""Estimators of what a policy's slates are worth: one a file."""

from equipoise.evaluation.offpolicy.slates.cascade_dr import CascadeDR
from equipoise.evaluation.offpolicy.slates.independent import IndependentIPS
from equipoise.evaluation.offpolicy.slates.log import (
    LoggedSlates,
    SlateChances,
    SlateTarget,
    WeighedSlates,
)
from equipoise.evaluation.offpolicy.slates.pseudo_inverse import PseudoInverse
from equipoise.evaluation.offpolicy.slates.reward_interaction import RewardInteractionIPS
from equipoise.evaluation.offpolicy.slates.standard import SlateIPS

__all__ = [
    "CascadeDR",
    "IndependentIPS",
    "LoggedSlates",
    "PseudoInverse",
    "RewardInteractionIPS",
    "SlateChances",
    "SlateIPS",
    "SlateTarget",
    "WeighedSlates",
]
