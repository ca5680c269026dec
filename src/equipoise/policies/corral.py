"""CORRAL: a bandit over bandits, each of which learns as if it were alone (Agarwal et al., 2017).

"Corralling a band of bandit algorithms", algorithm 1: online mirror descent under a log-barrier, whose
rates rise for those that are seldom drawn. Where the paper draws one policy and feeds only that, here every
policy is fed each row with the importance weight P_e / P: the same in expectation, with less noise, and the
log need not say which was drawn.
"""

from dataclasses import dataclass, field, replace
from math import exp, log

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.mixture import Mixture, assembled, default_experts, told
from equipoise.policies.policy import PolicyConfig, taught
from equipoise.policies.reward_scale import RewardScale
from equipoise.policies.sampler import SlotBySlot
from equipoise.types import Floats

_MEMORY = 100_000.0
"""Impressions after which the scale of rewards fades by half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corral:
    """Draw, at each slot, policy e with chance (1 - `floor`) p_e + `floor` / E.

    `learning_rate` is eta of the paper, `horizon` its T: rates grow by the factor exp(1 / ln T) whenever
    1 / chance doubles. Losses are (mean reward - reward) / usual reward.
    """

    policies: tuple[PolicyConfig, ...] = field(default_factory=default_experts)
    learning_rate: float = 0.1
    floor: float = 0.1
    horizon: int = 100_000

    def __post_init__(self) -> None:
        if not (0.0 < self.floor <= 1.0 and self.learning_rate > 0.0 and self.horizon >= 2):
            raise BadInputError("corral", "needs floor in (0, 1], learning_rate > 0 and horizon >= 2")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "CorralPolicy":
        """Return the policy before any feedback: all policies alike."""
        experts = assembled(self.policies, n_features, prior_mean)
        even = np.full(len(experts), 1.0 / len(experts))
        return CorralPolicy(
            experts, self, even, self.learning_rate * np.ones(len(experts)), 2.0 / even, RewardScale()
        )


@dataclass(frozen=True, slots=True)
class CorralPolicy(Mixture):
    """The policy of `Corral`: p, the `rates` eta, and the `bounds` rho on 1 / chance, (e,) each."""

    config: Corral
    p: Floats
    rates: Floats
    bounds: Floats
    scale: RewardScale

    @property
    def shares(self) -> Floats:
        """The chance of each policy to be drawn, (e,)."""
        return (1.0 - self.config.floor) * self.p + self.config.floor / len(self.p)

    def update(self, feedback: LoggedFeedback) -> "CorralPolicy":
        """Return the policy after `feedback`: one step of descent, as of all its rows at once."""
        if len(feedback) == 0:
            return self
        weights, _ = told(feedback, len(self.experts))
        p = descended(self.p, self.rates, -(self.scale.surprise(feedback) @ weights))
        keep = float(0.5 ** (feedback.impressions.sum() / _MEMORY))
        fresh = replace(
            self,
            experts=tuple(
                _fed(expert, place, feedback, len(self.experts)) for place, expert in enumerate(self.experts)
            ),
            p=p,
            scale=self.scale.add(feedback.impressions, feedback.rewards, keep=keep),
        )
        rare = 1.0 / fresh.shares > self.bounds
        return replace(
            fresh,
            bounds=np.where(rare, 2.0 / fresh.shares, self.bounds),
            rates=np.where(rare, self.rates * exp(1.0 / log(self.config.horizon)), self.rates),
        )


def _fed(expert: SlotBySlot, place: int, feedback: LoggedFeedback, n_experts: int) -> SlotBySlot:
    """Return `expert` after each row as often as it would have chosen it when the mixture did once.

    Rows of which that is not known count once.
    """
    weights, is_known = told(feedback, n_experts)
    if not is_known.any():
        return taught(expert, replace(feedback, by_expert=None))
    often = np.where(is_known, weights[:, place], 1.0)
    own = np.where(is_known, often * feedback.propensities, feedback.propensities)
    kept = often > 0.0
    return taught(
        expert,
        LoggedFeedback(
            items=feedback.items[kept],
            features=feedback.features[kept],
            positions=feedback.positions[kept],
            propensities=np.minimum(own[kept], 1.0),
            rewards=(often * feedback.rewards)[kept],
            impressions=(often * feedback.impressions)[kept],
        ),
    )


def descended(p: Floats, rates: Floats, losses: Floats) -> Floats:
    """Return the step of log-barrier mirror descent from `p` (e,) under `losses`: algorithm 2 of the paper.

    The result is 1 / (1 / p + `rates` (`losses` - x)) for the x at which it adds up to 1, found by bisection.
    """
    low, high = float(losses.min()), min(float(losses.max()), float((losses + 1.0 / (rates * p)).min()))
    for _ in range(100):
        middle = (low + high) / 2.0
        inverse = 1.0 / p + rates * (losses - middle)
        fits = bool((inverse > 0.0).all()) and float((1.0 / inverse).sum()) <= 1.0
        low, high = (middle, high) if fits else (low, middle)
    stepped = 1.0 / (1.0 / p + rates * (losses - low))
    return np.asarray(stepped / stepped.sum())
