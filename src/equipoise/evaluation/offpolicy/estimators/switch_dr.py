"""Switch doubly robust (Wang, Agarwal and Dudik, 2017)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds, corrected, largest
from equipoise.evaluation.offpolicy.estimators.shrinking import caps
from equipoise.evaluation.offpolicy.weighed import Weighed
from equipoise.types import Floats


@dataclass(frozen=True, kw_only=True)
class SwitchDR(OfRounds):
    """Doubly robust where w <= threshold, and the model alone where the weight is larger."""

    threshold: float = float("inf")

    def shrunk(self, weights: Floats) -> Floats:
        """Return the weights used for `weights` (n,)."""
        return np.where(weights <= self.threshold, weights, 0.0)

    def grid(self, weights: Floats) -> Sequence[Self]:
        """Return this estimator with thresholds worth trying, none first."""
        return [replace(self, threshold=cap) for cap in caps(weights)]

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`, whose mean is the estimate."""
        return corrected(rounds, self.shrunk(rounds.weights), largest(rounds.weights, self.threshold))
