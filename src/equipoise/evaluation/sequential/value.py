"""An estimated return with its interval."""

from dataclasses import dataclass

from scipy import stats

from equipoise.errors import BadInputError
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The mean return of an episode, the interval `low` to `high` of 95 %, and what it rests on.

    `ess` is the effective number of episodes: few where target and log hardly agree.
    """

    value: float
    low: float
    high: float
    ess: float


def of_terms(terms: Floats, ess: float) -> Value:
    """Return the mean of `terms` (e,), one an episode, with Student's interval."""
    if len(terms) < 2:
        raise BadInputError("episodes", "an interval needs at least two")
    mean, reach = float(terms.mean()), float(stats.t.ppf(0.975, len(terms) - 1) * stats.sem(terms))
    return Value(value=mean, low=mean - reach, high=mean + reach, ess=ess)


def effective(weights: Floats) -> float:
    """Return Kish's effective sample size of `weights` (e,)."""
    return float(weights.sum() ** 2 / max(float((weights**2).sum()), 1e-300))
