"""Can this log tell? What stands against believing an estimate from it."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from equipoise.evaluation.offpolicy.support import Support
from equipoise.evaluation.offpolicy.weighed import effective
from equipoise.types import Floats

PARTS = 10
"""Parts of a log that are compared to see a drift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Figures about a log under the eyes of one target.

    `ess` effective sample size of `rounds`; `mean_weight` with its standard error `mean_weight_error`: 1 if
    propensities are right and the target does nothing the log never did; `heaviest` share of all weight that
    the heaviest hundredth of rounds carries; `tail` index of the largest weights, below 2 of which a variance
    does not exist; `certain` share of rounds in which the logging policy had no choice; `unlogged` share of
    the target's choices never logged; `mismatch` and `drift`: how likely such counts of actions, and such
    changes of reward within the log, are by chance; `unseen` share of decisions that nobody saw. None: not
    known.
    """

    rounds: int
    ess: float
    mean_weight: float
    mean_weight_error: float
    heaviest: float
    tail: float | None
    certain: float
    unlogged: float | None
    mismatch: float | None
    drift: float
    unseen: float | None = None


def diagnosed(weights: Floats, rewards: Floats, support: Support, unseen: float | None = None) -> Diagnosis:
    """Return the figures of a log of rounds with `weights` (n,) that earned `rewards` (n,), oldest first."""
    n = len(weights)
    return Diagnosis(
        rounds=n,
        ess=effective(weights),
        mean_weight=float(weights.mean()),
        mean_weight_error=float(weights.std(ddof=1)) / n**0.5,
        heaviest=_heaviest(weights),
        tail=_tail(weights),
        certain=support.certain / max(support.rounds, 1),
        unlogged=support.unlogged(),
        mismatch=support.mismatch(),
        drift=_drift(rewards),
        unseen=unseen,
    )


def _heaviest(weights: Floats) -> float:
    count = max(len(weights) // 100, 1)
    total = float(weights.sum())
    return float(np.partition(weights, -count)[-count:].sum()) / total if total > 0.0 else 0.0


def _tail(weights: Floats) -> float | None:
    """Return Hill's (1975) estimate of the index of the tail, from the largest hundredth (10 at least)."""
    count = max(len(weights) // 100, 10)
    if len(weights) <= count:
        return None
    largest = np.partition(weights, -count - 1)[-count - 1 :]
    floor = float(largest.min())
    excess = float(np.log(largest / floor).mean()) if floor > 0.0 else 0.0
    return (count / (count + 1)) / excess if excess > 0.0 else None


def _drift(rewards: Floats) -> float:
    """Return the p-value of the mean rewards of consecutive parts, were they all the same (chi-squared)."""
    parts = [part for part in np.array_split(rewards, PARTS) if len(part) > 1]
    means = np.array([part.mean() for part in parts])
    spread = float(rewards.var())
    if spread == 0.0 or len(parts) < 2:
        return 1.0
    sizes = np.array([len(part) for part in parts])
    distance = float((sizes * (means - rewards.mean()) ** 2).sum()) / spread
    return float(chdtrc(len(parts) - 1, distance))
