"""Estimators that trade variance for bias by making weights smaller, by one number that can be tuned."""

from collections.abc import Sequence
from typing import Protocol, Self, runtime_checkable

from equipoise.evaluation.offpolicy.estimate import Estimate, Terms
from equipoise.evaluation.offpolicy.weighed import Weighed
from equipoise.types import Floats


@runtime_checkable
class Shrinking(Protocol):
    """An estimator with a number that says how far its weights are shrunk."""

    def shrunk(self, weights: Floats) -> Floats:
        """Return the weights used for `weights` (n,)."""
        ...

    def grid(self, weights: Floats) -> Sequence[Self]:
        """Return this estimator with settings worth trying for `weights` (n,), the least shrunk first."""
        ...

    def terms(self, rounds: Weighed) -> Terms:
        """Return one term for each of `rounds`."""
        ...

    def of(self, rounds: Weighed) -> Estimate:
        """Return the estimate from weighed rounds."""
        ...


def caps(weights: Floats, steps: int = 12) -> list[float]:
    """Return none and `steps` caps between the mean and the largest of `weights` (n,), in even ratios."""
    top, middle = float(weights.max()), max(float(weights.mean()), 1e-12)
    if top <= middle:
        return [float("inf")]
    return [float("inf"), *(top * (middle / top) ** (step / steps) for step in range(1, steps + 1))]
