"""Inverse propensity score (Horvitz and Thompson, 1952), clipped (Ionides, 2008; Strehl et al., 2010)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Self

import numpy as np

from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds, largest, weighted
from equipoise.evaluation.offpolicy.estimators.shrinking import caps
from equipoise.evaluation.offpolicy.weighed import Weighed
from equipoise.types import Floats


@dataclass(frozen=True, kw_only=True)
class IPS(OfRounds):
    """The mean of min(w, clip) r: unbiased without a clip, and as noisy as its weights are large."""

    clip: float = inf

    def shrunk(self, weights: Floats) -> Floats:
        """Return the weights used for `weights` (n,)."""
        return weights if self.clip == inf else np.minimum(weights, self.clip)

    def grid(self, weights: Floats) -> Sequence[Self]:
        """Return this estimator with clips worth trying, none first."""
        return [replace(self, clip=cap) for cap in caps(weights)]

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        return weighted(rounds, self.shrunk(rounds.weights), largest(rounds.weights, self.clip))
