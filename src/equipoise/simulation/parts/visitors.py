"""Who comes: the visitors of a simulated shop."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """n visitors: `traits` (n, q) and `segments` (n,).

    `patience` (n,) is the chance that a visitor who did not click looks at the next position.
    """

    traits: Floats
    segments: Ints
    patience: Floats


class Visitors(Protocol):
    """A population."""

    def draw(self, n: int, rng: np.random.Generator) -> Crowd:
        """Return `n` visitors."""
        ...

    def context(self, crowd: Crowd) -> Floats:
        """Return what a policy sees of each visitor, (n, c)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OneKind:
    """Visitors of one segment with standard normal traits."""

    size: int
    patience: float = 1.0

    def draw(self, n: int, rng: np.random.Generator) -> Crowd:
        """Return `n` visitors."""
        return Crowd(
            traits=rng.standard_normal((n, self.size)),
            segments=np.zeros(n, dtype=np.int64),
            patience=np.full(n, self.patience),
        )

    def context(self, crowd: Crowd) -> Floats:
        """Return the traits."""
        return crowd.traits


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """Visitors of several segments; a policy sees which one each belongs to.

    `shares` sum to 1, `patience` has one entry a segment. The traits are one-hot by segment, so that
    crossed features hold one copy of the content for each.
    """

    shares: tuple[float, ...]
    patience: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.shares) != len(self.patience) or not np.isclose(sum(self.shares), 1.0):
            raise BadInputError("segments", "give one patience for each share, and shares that sum to 1")

    def draw(self, n: int, rng: np.random.Generator) -> Crowd:
        """Return `n` visitors."""
        segments = rng.choice(len(self.shares), size=n, p=self.shares)
        return Crowd(
            traits=np.eye(len(self.shares))[segments],
            segments=segments,
            patience=np.array(self.patience)[segments],
        )

    def context(self, crowd: Crowd) -> Floats:
        """Return the segment, one-hot."""
        return crowd.traits
