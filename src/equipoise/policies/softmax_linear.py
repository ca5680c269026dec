"""A softmax over linear worths of scores and items, as learned from a log (Joachims et al., 2018)."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from equipoise.errors import BadInputError
from equipoise.policies.policy import NOTHING, Options
from equipoise.policies.sampler import LARGEST, Slot, SlotBySlot, Weigh
from equipoise.types import Floats, Ints

SIGNALS = 2
"""What is read of the scores of a request: see `signals`."""
_WIDEST = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftmaxLinear:
    """At each slot P(a) is proportional to exp(worth of a), the worth being linear in what is known of a.

    Before it is learned from a log the worth is `sharpness` times the score, in deviations from the mean of
    the request's candidates, so that scores mean the same in any unit.
    """

    sharpness: float = 1.0

    def __post_init__(self) -> None:
        if not np.isfinite(self.sharpness):
            raise BadInputError("sharpness", f"must be a finite number, not {self.sharpness}")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "SoftmaxLinearPolicy":
        """Return the policy; it needs neither features nor a prior."""
        return SoftmaxLinearPolicy(weights=np.array([self.sharpness, 0.0]), items=np.zeros((0, 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftmaxLinearPolicy(SlotBySlot):
    """`weights` (2,) of the signals of a score, `items` (i, 1 + c) of each item: its own, and of the context.

    Items without a row are worth what their score says.
    """

    weights: Floats
    items: Floats

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh by the exponential of the worth."""
        return self.worth(signals(options.scores, options.items), options.items, options.context), _softmax

    def worth(self, told: Floats, items: Ints, context: Floats) -> Floats:
        """Return the worth (n, m) of `items` (n, m) with signals `told` (n, m, 2), in `context` (n, c)."""
        if context.shape[1] != self.items.shape[1] - 1:
            raise BadInputError(
                "context",
                f"the policy knows {self.items.shape[1] - 1} numbers of a request, not {context.shape[1]}",
            )
        rows = np.concatenate((self.items, np.zeros((1, self.items.shape[1]))))
        known = np.where((items >= 0) & (items < len(self.items)), items, len(self.items))
        worth: Floats = told @ self.weights + rows[known, 0]
        if context.shape[1]:
            worth += np.take_along_axis(context @ rows[:, 1:].T, known, axis=1)
        return worth


def signals(scores: Floats, items: Ints) -> Floats:
    """Return what a policy may read of `scores` (n, m), whatever their unit, (n, m, 2).

    The score in standard deviations from the mean of the row, 4 at most, and minus the binary logarithm of
    its place from 1; equal scores share a place. 0 where `items` is -1.
    """
    there = items != NOTHING
    plain = np.clip(np.nan_to_num(scores.astype(np.float64), nan=-LARGEST), -LARGEST, LARGEST)
    count = np.maximum(there.sum(axis=1, keepdims=True), 1)
    off = np.where(there, plain - np.where(there, plain, 0.0).sum(axis=1, keepdims=True) / count, 0.0)
    spread = np.sqrt((off**2).sum(axis=1, keepdims=True) / count)
    standard = np.divide(off, spread, out=np.zeros_like(off), where=spread > 0.0)
    places = rankdata(np.where(there, -plain, np.inf), method="min", axis=1) if items.size else off + 1.0
    told: Floats = np.stack((np.clip(standard, -_WIDEST, _WIDEST), -np.log2(places)), axis=2)
    told[~there] = 0.0
    return told


def _softmax(slot: Slot) -> Floats:
    weights: Floats = np.exp(slot.left - slot.best)
    return weights
