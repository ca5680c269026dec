"""What an estimator gives back, and the numbers it is made of."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.target import Target
from equipoise.kernels import kernel
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the target is worth a round: `value`, between `low` and `high` at the stated confidence.

    `error` is the standard error of the value, `ess` the effective sample size, `n` the rounds used.
    """

    value: float
    low: float
    high: float
    ess: float
    error: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Numbers (n,), one a round, whose mean is the estimate.

    Where an estimate is a ratio they are linear in it: their mean is the ratio itself, and their spread that
    of its error (the delta method). `floor` and `ceiling` bound a term; None where nothing is known, as for
    ratios, and then no interval that holds at every sample size can be had.
    """

    values: Floats
    floor: float | None = None
    ceiling: float | None = None

    def mean(self) -> float:
        """Return the estimate."""
        return float(self.values.mean())

    def error(self) -> float:
        """Return its standard error."""
        n = len(self.values)
        return float(np.sqrt(_squares(self.values, self.mean()) / (n - 1) / n))

    def bounds(self) -> tuple[float, float]:
        """Return floor and ceiling; refuse where they are unknown."""
        if self.floor is None or self.ceiling is None:
            raise BadInputError(
                "interval",
                "a ratio has no bound that holds at every sample size; choose bootstrap or asymptotic",
            )
        return self.floor, self.ceiling


@kernel
def _squares(values: Floats, mean: float) -> float:
    """Return the sum of squared distances of `values` (n,) from `mean`, without a copy of them."""
    total = 0.0
    for value in values:
        total += (value - mean) * (value - mean)
    return total


class Interval(Protocol):
    """A way to say how sure a mean is."""

    def around(self, terms: Terms, confidence: float) -> tuple[float, float]:
        """Return the ends of the interval of the mean of `terms`."""
        ...


@runtime_checkable
class OffPolicyEstimator(Protocol):
    """Judges a target policy by what another one logged."""

    def estimate(self, feedback: LoggedActions, target: Target) -> Estimate:
        """Return what `target` is worth a round, from `feedback`."""
        ...


def estimated(
    terms: Terms, ess: float, interval: Interval, confidence: float, *, unbiased: Terms | None = None
) -> Estimate:
    """Return the estimate that `terms` make; the interval is that of `unbiased` if given, widened if need be.

    An estimator that takes bias for steadiness has a narrow interval around the wrong number: one without
    bias has to say how sure it is.
    """
    if not 0.0 < confidence < 1.0:
        raise BadInputError("confidence", f"must lie between 0 and 1, not {confidence}")
    low, high = interval.around(terms if unbiased is None else unbiased, confidence)
    if unbiased is not None:
        low, high = min(low, terms.mean()), max(high, terms.mean())
    return Estimate(value=terms.mean(), low=low, high=high, ess=ess, error=terms.error(), n=len(terms.values))


def ratio(tops: Floats, bottoms: Floats) -> Floats:
    """Return terms (n,) of sum(tops) / sum(bottoms): linear in it, their mean the ratio; 0 for 0 / 0."""
    scale = float(bottoms.mean())
    if scale == 0.0:
        return np.zeros(len(tops))
    whole = float(tops.mean()) / scale
    terms: Floats = whole + (tops - whole * bottoms) / scale
    return terms
