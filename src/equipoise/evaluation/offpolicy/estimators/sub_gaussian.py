"""Weights that make the error sub-Gaussian (Metelli, Russo and Restelli, 2021, with their s = 1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds, largest, weighted
from equipoise.evaluation.offpolicy.weighed import Weighed
from equipoise.types import Floats

MIXES = (0.0, *np.geomspace(1e-4, 1.0, 12).tolist())


def check_mix(mix: float) -> None:
    """Refuse a mix outside [0, 1]."""
    if not 0.0 <= mix <= 1.0:
        raise BadInputError("mix", f"must lie in [0, 1], not {mix}")


def harmonic(weights: Floats, mix: float) -> Floats:
    """Return w / (1 - mix + mix w): the harmonic mean of w and 1, so to speak; w for mix = 0."""
    if mix == 0.0:
        return weights
    shrunk: Floats = weights / (1.0 - mix + mix * weights) if mix < 1.0 else (weights > 0.0).astype(float)
    return shrunk


@dataclass(frozen=True, kw_only=True)
class SubGaussianIPS(OfRounds):
    """The mean of r w / (1 - mix + mix w): no weight is above 1 / mix, and none is cut off."""

    mix: float = 0.0

    def __post_init__(self) -> None:
        check_mix(self.mix)

    def shrunk(self, weights: Floats) -> Floats:
        """Return the weights used for `weights` (n,)."""
        return harmonic(weights, self.mix)

    def grid(self, weights: Floats) -> Sequence[Self]:
        """Return this estimator with mixes worth trying, none first."""
        return [replace(self, mix=mix) for mix in MIXES]

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        shrunk = self.shrunk(rounds.weights)
        return weighted(rounds, shrunk, largest(shrunk))
