"""Curves from predicted to observed probability: Platt's (1999) sigmoid, isotonic (Zadrozny & Elkan,
2002).
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.optimize import minimize

from equipoise.kernels import kernel
from equipoise.models.rankers.probabilities import inside, logit, sigmoid
from equipoise.types import Floats, Ints

METHODS = ("isotonic", "platt")


class Curve(Protocol):
    """A monotone map of probabilities."""

    def __call__(self, predicted: Floats) -> Floats:
        """Return the calibrated probability of each of `predicted` (n,)."""
        ...


@dataclass(frozen=True, slots=True)
class Platt:
    """σ(slope · logit(p) + shift)."""

    slope: float
    shift: float

    @classmethod
    def fit(cls, predicted: Floats, outcomes: Floats) -> "Platt":
        """Maximise the likelihood of `outcomes` (n,), drawn towards the map that changes nothing by
        one row.
        """
        x = logit(predicted)

        def loss(beta: Floats) -> float:
            z = beta[0] * x + beta[1]
            pull = 0.5 * ((beta[0] - 1) ** 2 + beta[1] ** 2)
            return float(np.logaddexp(0, z).sum() - outcomes @ z + pull)

        slope, shift = minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B").x if len(x) else (1.0, 0.0)
        return cls(max(float(slope), 0.0), float(shift))

    def __call__(self, predicted: Floats) -> Floats:
        """Return the calibrated probability of each of `predicted` (n,)."""
        return inside(sigmoid(self.slope * logit(predicted) + self.shift))


@dataclass(frozen=True, slots=True)
class Isotonic:
    """Straight lines between the points (`at`, `value`), both (m,) and rising; flat outside."""

    at: Floats
    value: Floats

    @classmethod
    def fit(cls, predicted: Floats, outcomes: Floats) -> "Isotonic":
        """Return the least-squares monotone fit, by pooling adjacent violators.

        A block counts (hits + 1/2) / (rows + 1), so that no probability is 0 or 1; blocks that this puts out
        of order are pooled again.
        """
        if len(predicted) == 0:
            return cls(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
        order = np.argsort(predicted, kind="stable")
        at, starts = np.unique(predicted[order], return_index=True)
        weights = np.diff(np.append(starts, len(order))).astype(np.float64)
        hits = np.add.reduceat(outcomes[order].astype(np.float64), starts)
        blocks = pooled(hits / weights, weights)
        rows, total = (np.bincount(blocks, part).astype(np.float64) for part in (weights, hits))
        middle = np.bincount(blocks, at * weights) / rows
        smooth = (total + 0.5) / (rows + 1)
        again = pooled(smooth, rows)
        value = np.bincount(again, smooth * rows) / np.bincount(again, rows)
        return cls(np.bincount(again, middle * rows) / np.bincount(again, rows), value)

    def __call__(self, predicted: Floats) -> Floats:
        """Return the calibrated probability of each of `predicted` (n,)."""
        return inside(np.interp(predicted, self.at, self.value))


def curve(method: str, predicted: Floats, outcomes: Floats) -> Platt | Isotonic:
    """Return the curve of `method` fitted on `predicted` and `outcomes` (n,)."""
    kinds: dict[str, type[Platt] | type[Isotonic]] = {"isotonic": Isotonic, "platt": Platt}
    return kinds[method].fit(predicted, outcomes)


@kernel
def pooled(values: Floats, weights: Floats) -> Ints:
    """Return the block, from 0, of each of `values` (n,) whose weighted means rise from block to block.

    Pool adjacent violators (Ayer et al., 1955).
    """
    n = len(values)
    means, sums, ends = np.empty(n), np.empty(n), np.empty(n, np.int64)
    m = 0
    for place in range(n):
        means[m], sums[m], ends[m] = values[place], weights[place], place
        m += 1
        while m > 1 and means[m - 2] >= means[m - 1]:
            total = sums[m - 2] + sums[m - 1]
            means[m - 2] = (means[m - 2] * sums[m - 2] + means[m - 1] * sums[m - 1]) / total
            sums[m - 2], ends[m - 2] = total, place
            m -= 1
    blocks = np.empty(n, np.int64)
    block = 0
    for place in range(n):
        if place > ends[block]:
            block += 1
        blocks[place] = block
    return blocks
