"""Prioritised experience replay (Schaul, Quan, Antonoglou and Silver, 2016), proportional variant."""

from dataclasses import dataclass, field, fields

import numpy as np

from equipoise.data.experience import Experience
from equipoise.errors import BadInputError
from equipoise.types import Floats, Ints


@dataclass(slots=True, kw_only=True)
class Replay:
    """The last `capacity` steps; they are drawn in proportion to (error + a bit) ** `alpha`.

    `alpha` 0 draws all alike. Memory is taken once, at the first step, and never grows.
    """

    capacity: int
    alpha: float = 0.6
    beta: float = 0.4
    stored: int = 0
    _next: int = 0
    _kept: Experience | None = None
    _weights: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        if self.capacity < 1:
            raise BadInputError("capacity", f"must be at least 1 step, not {self.capacity}")

    def add(self, steps: Experience) -> None:
        """Keep `steps`, over the oldest where there is no more room."""
        steps = steps.take(np.arange(max(0, len(steps) - self.capacity), len(steps)))
        if self._kept is None:
            self._kept, self._weights = _room(steps, self.capacity), np.zeros(self.capacity)
        rows = (self._next + np.arange(len(steps))) % self.capacity
        for each in fields(Experience):
            getattr(self._kept, each.name)[rows] = getattr(steps, each.name)
        self._weights[rows] = max(float(self._weights[: self.stored].max(initial=0.0)), 1.0)
        self._next = (self._next + len(steps)) % self.capacity
        self.stored = min(self.stored + len(steps), self.capacity)

    def draw(self, n: int, rng: np.random.Generator) -> tuple[Experience, Ints, Floats]:
        """Return `n` steps, their rows, and weights (n,) of 1 at most that undo the preference."""
        if self._kept is None:
            raise BadInputError("replay", "holds no step yet; add some before drawing")
        total = np.cumsum(self._weights[: self.stored])
        rows = np.searchsorted(total, rng.random(n) * total[-1], side="right")
        rows = np.minimum(rows, self.stored - 1)
        odds = self.stored * self._weights[rows] / total[-1]
        corrections = odds**-self.beta
        return self._kept.take(rows), rows, corrections / corrections.max()

    def reweigh(self, rows: Ints, errors: Floats) -> None:
        """Draw `rows` from now on by their new absolute `errors`."""
        self._weights[rows] = (np.abs(errors) + 0.01) ** self.alpha


def _room(steps: Experience, capacity: int) -> Experience:
    blank = {
        each.name: np.zeros((capacity, *getattr(steps, each.name).shape[1:]), getattr(steps, each.name).dtype)
        for each in fields(Experience)
    }
    return Experience(**blank)
