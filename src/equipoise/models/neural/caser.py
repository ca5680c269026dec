"""Convolutions over the newest events of a history (Tang & Wang, 2018, "Caser").

Without the vector of the user: a scorer is asked for histories, not for users.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from equipoise.errors import BadInputError
from equipoise.models.neural.backends.backend import Array, Backend
from equipoise.models.neural.layers import Linear, Norm, uniform
from equipoise.models.neural.sequence_learner import SequenceLearner
from equipoise.models.space import Whole, tunable
from equipoise.types import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Caser(SequenceLearner):
    """`filters` of each height up to `window` over the newest `window` items, and `weighings` of them.

    A filter of height h answers to h items in a row, whichever of the window they are; a weighing is a
    weighted sum of the window, so it knows how old an item is.
    """

    name: ClassVar[str] = "caser"

    window: int = tunable(5, Whole(2, 10))
    filters: int = tunable(16, Whole(4, 64, log=True))
    weighings: int = tunable(4, Whole(1, 8))

    def __post_init__(self) -> None:
        SequenceLearner.__post_init__(self)
        if min(self.window, self.filters, self.weighings) < 1:
            raise BadInputError("caser", "window, filters and weighings must be at least 1")

    def net(self, rng: np.random.Generator) -> "CaserNet":
        """Return the network before training."""
        size = self.embedding_size
        heights = range(1, self.window + 1)
        convolved = self.filters * self.window + self.weighings * size
        return CaserNet(
            heights=tuple(Filters.start(height, self.filters, size, rng) for height in heights),
            weighings=uniform((self.window, self.weighings), self.window, rng),
            mix=Linear.start(convolved, size, rng),
            norm=Norm.start(size),
        )


@dataclass(frozen=True, slots=True)
class Filters:
    """`taps` (height, d, filters): one matrix for each item in a row; `bias` (filters,)."""

    taps: Array
    bias: Array

    @classmethod
    def start(cls, height: int, filters: int, size: int, rng: np.random.Generator) -> Self:
        """Return random weights."""
        taps = uniform((height, size, filters), height * size, rng)
        return cls(taps, np.zeros(filters, np.float32))

    def __call__(self, window: list[Array], on: Backend) -> Array:
        """Return the strongest answer of each filter over the window, (b, n, filters).

        `window` holds the (b, n, d) vectors of the item at each place, of the one before, and so on.
        """
        height = self.taps.shape[0]
        answers = [
            sum((window[at + tap] @ self.taps[tap] for tap in range(height)), self.bias)
            for at in range(len(window) - height + 1)
        ]
        return on.highest(on.relu(on.stacked(answers)))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaserNet:
    """Filters of each height, `weighings` (window, weighings), and a layer that mixes what they say."""

    heights: tuple[Filters, ...]
    weighings: Array
    mix: Linear
    norm: Norm

    def __call__(self, x: Array, ages: Ints, on: Backend) -> Array:
        """Return the vectors after each place, (b, n, d)."""
        x = on.drop(x)
        window = [x if back == 0 else on.shifted(x, back) for back in range(self.weighings.shape[0])]
        rows = on.stacked(window) @ self.weighings
        weighed = rows.reshape((*x.shape[:2], -1))
        told = on.joined([filters(window, on) for filters in self.heights] + [weighed])
        return self.norm(x + self.mix(on.drop(told)), on)
