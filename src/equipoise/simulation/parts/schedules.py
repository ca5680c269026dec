"""How taste changes with time: the weights in force at any round."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.types import Floats, Ints


class Schedule(Protocol):
    """Weights as a function of the round."""

    def weights(self, times: Ints) -> Floats:
        """Return the weights in force at rounds `times` (n,), (n, d)."""
        ...


@dataclass(frozen=True, slots=True)
class Constant:
    """The same weights for ever: `vector` (d,)."""

    vector: Floats

    def weights(self, times: Ints) -> Floats:
        """Return `vector` for every round."""
        return np.broadcast_to(self.vector, (len(times), len(self.vector)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Abrupt:
    """Taste jumps: `stages` (s + 1, d) are in force in turn, each until its round of `changes` (s,)."""

    stages: Floats
    changes: Ints

    def weights(self, times: Ints) -> Floats:
        """Return the stage in force."""
        stages: Ints = np.searchsorted(self.changes, times, side="right")
        in_force: Floats = self.stages[stages]
        return in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Gradual:
    """Taste wanders: straight from each of `stages` (s + 1, d) to the next.

    It has moved from stage i to stage i + 1 by round `changes[i]`, having stood at stage 0 in round 0.
    """

    stages: Floats
    changes: Ints

    def weights(self, times: Ints) -> Floats:
        """Return the weights on the way."""
        stops = np.concatenate([[0], self.changes])
        before = np.minimum(np.searchsorted(stops, times, side="right") - 1, len(self.changes) - 1)
        share = np.minimum((times - stops[before]) / (stops[before + 1] - stops[before]), 1.0)[:, None]
        on_the_way: Floats = (1 - share) * self.stages[before] + share * self.stages[before + 1]
        return on_the_way


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """Taste swings about `middle` (d,) by `swing` (d,) and comes back every `period` rounds.

    Each weight has its own `phase` (d,), in radians.
    """

    middle: Floats
    swing: Floats
    phase: Floats
    period: int

    def weights(self, times: Ints) -> Floats:
        """Return the weights of the season."""
        angle = 2 * np.pi * (times % self.period)[:, None] / self.period
        return self.middle + self.swing * np.sin(angle + self.phase)


def draw_changes(every: int, count: int, *, rng: np.random.Generator) -> Ints:
    """Return `count` rounds of change, each between half and one and a half times `every` after the last."""
    low, high = max(1, every // 2), max(1, every // 2) + every
    return np.cumsum(rng.integers(low, high + 1, size=count))
