"""Doubly robust (Dudik, Langford and Li, 2011), with clipped weights (Su et al., 2020, pessimistic)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Self

import numpy as np

from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds, corrected, largest
from equipoise.evaluation.offpolicy.estimators.shrinking import caps
from equipoise.evaluation.offpolicy.weighed import Weighed
from equipoise.types import Floats


@dataclass(frozen=True, kw_only=True)
class DoublyRobust(OfRounds):
    """The mean of q(target) + min(w, clip) (r - q(a)): unbiased if propensities or the model are right."""

    clip: float = inf

    def shrunk(self, weights: Floats) -> Floats:
        """Return the weights used for `weights` (n,)."""
        return weights if self.clip == inf else np.minimum(weights, self.clip)

    def grid(self, weights: Floats) -> Sequence[Self]:
        """Return this estimator with clips worth trying, none first."""
        return [replace(self, clip=cap) for cap in caps(weights)]

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        return corrected(rounds, self.shrunk(rounds.weights), largest(rounds.weights, self.clip))
