"""What estimators of slates share: weights by position, and one term a slate."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from equipoise.evaluation.offpolicy.estimate import Estimate, Interval, Terms, estimated
from equipoise.evaluation.offpolicy.intervals.bootstrap import Bootstrap
from equipoise.evaluation.offpolicy.slates.log import LoggedSlates, SlateTarget, WeighedSlates
from equipoise.evaluation.offpolicy.weighed import effective
from equipoise.types import Floats


@dataclass(frozen=True, kw_only=True)
class OfSlates(ABC):
    """Estimates the total reward of a slate; positions count alike unless `shares` (k,) says otherwise."""

    interval: Interval = Bootstrap()  # noqa: RUF009
    confidence: float = 0.95
    shares: tuple[float, ...] | None = None

    @abstractmethod
    def weights(self, slates: WeighedSlates) -> Floats:
        """Return the weight of the reward at each position, (n, k) or (n, 1)."""

    def terms(self, slates: WeighedSlates) -> Terms:
        """Return one term for each slate, whose mean is the estimate."""
        products = self.earned(slates) * self.weights(slates)
        return Terms(values=products.sum(axis=1, dtype=np.float64))

    def earned(self, slates: WeighedSlates) -> Floats:
        """Return the rewards (n, k), each times the share of its position."""
        return slates.rewards if self.shares is None else slates.rewards * np.asarray(self.shares)

    def estimate(self, feedback: LoggedSlates, target: SlateTarget) -> Estimate:
        """Return what a slate of `target` earns; the sample size is that of the last position."""
        return self.of(WeighedSlates.of(feedback, target))

    def of(self, slates: WeighedSlates) -> Estimate:
        """Return the estimate from slates that were weighed before, perhaps in pieces."""
        deepest = np.broadcast_to(self.weights(slates), slates.rewards.shape)[:, -1]
        ess = effective(np.ascontiguousarray(deepest))
        return estimated(self.terms(slates), ess, self.interval, self.confidence)


def by_position(earned: Floats, weights: Floats) -> Terms:
    """Return terms of the sum over positions of sum w r / sum w, linear in each ratio."""
    weights = np.broadcast_to(weights, earned.shape)
    scales = weights.mean(axis=0, dtype=np.float64)
    safe = np.where(scales > 0.0, scales, 1.0)
    products = weights * earned
    wholes = products.mean(axis=0, dtype=np.float64) / safe
    return Terms(values=(wholes + (products - wholes * weights) / safe).sum(axis=1))
