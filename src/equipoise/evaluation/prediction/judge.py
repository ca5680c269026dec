"""Metrics of a prediction with intervals: users, not rows, are drawn, for the rows of one user go
together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.prediction.metrics import METRICS
from equipoise.random import derive
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A metric, and what 95 % of the bootstrap's draws lie between; NaN where it has no value."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Rows with their outcome: `outcomes` (n,) of 0 and 1, `users` (n,) codes of whom they are of."""

    outcomes: Floats
    users: Ints
    draws: int = 200
    seed: int = 7

    def __post_init__(self) -> None:
        if self.outcomes.shape != self.users.shape:
            raise BadInputError("outcomes", "must have a row for each of users")
        if len(self.outcomes) == 0:
            raise BadInputError("rows", "there are none to judge by; hold out a longer time")
        if self.draws < 0:
            raise BadInputError("draws", "must be 0 or more")

    def figures(self, predicted: Floats) -> Mapping[str, Figure]:
        """Return each metric of `predicted` (n,) with its interval (Efron & Tibshirani, 1993, ch. 13)."""
        once = np.ones(len(predicted))
        drawn = np.array([self._all(predicted, weights) for weights in self._weights()])
        return {
            name: _figure(value, drawn[:, at] if len(drawn) else drawn)
            for at, (name, value) in enumerate(zip(METRICS, self._all(predicted, once), strict=True))
        }

    def differences(self, predicted: Floats, other: Floats) -> Mapping[str, Figure]:
        """Return each metric of `predicted` less that of `other`, drawn together."""
        once = np.ones(len(predicted))
        apart = [
            np.subtract(self._all(predicted, weights), self._all(other, weights))
            for weights in (once, *self._weights())
        ]
        drawn = np.array(apart[1:])
        return {
            name: _figure(float(apart[0][at]), drawn[:, at] if len(drawn) else drawn)
            for at, name in enumerate(METRICS)
        }

    def _all(self, predicted: Floats, weights: Floats) -> list[float]:
        return [metric(predicted, self.outcomes, weights) for metric in METRICS.values()]

    def _weights(self) -> Iterator[Floats]:
        """Yield how often each row is drawn, the same draws each time."""
        rng = derive(self.seed, "bootstrap")
        _, place = np.unique(self.users, return_inverse=True)
        n = int(place.max()) + 1
        for _ in range(self.draws):
            yield np.bincount(rng.integers(0, n, n), minlength=n)[place].astype(np.float64)


def _figure(value: float, drawn: Floats) -> Figure:
    known = drawn[np.isfinite(drawn)]
    low, high = np.quantile(known, [0.025, 0.975]) if len(known) else (np.nan, np.nan)
    return Figure(value=float(value), low=float(low), high=float(high))
