"""What shoppers do with a slate: the click models.

`appeals` (n, k) are what each position would earn if looked at, 0 where nothing is shown;
`patience` (n,) belongs to the visitors. Chuklin, Markov and de Rijke, Click Models for Web Search, 2015.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats


class ClickModel(Protocol):
    """A click model under which a better item higher up is never worse."""

    def expected(self, appeals: Floats, patience: Floats) -> Floats:
        """Return the expected outcome at each position, (n, k)."""
        ...

    def draw(self, appeals: Floats, patience: Floats, rng: np.random.Generator) -> Floats:
        """Return one outcome at each position, (n, k)."""
        ...


@dataclass(frozen=True, slots=True)
class Rates:
    """Every position is looked at and rated: its appeal plus normal noise of deviation `noise`."""

    noise: float

    def expected(self, appeals: Floats, patience: Floats) -> Floats:
        """Return the appeals."""
        return appeals

    def draw(self, appeals: Floats, patience: Floats, rng: np.random.Generator) -> Floats:
        """Return noisy appeals."""
        return appeals + self.noise * rng.standard_normal(appeals.shape)


@dataclass(frozen=True, slots=True)
class PositionBias:
    """Position l is looked at with chance `decay` ** l, whatever is there; each click is on its own."""

    decay: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.decay <= 1:
            raise BadInputError(
                "decay", "must lie in (0, 1], so that a position above is never looked at less"
            )

    def expected(self, appeals: Floats, patience: Floats) -> Floats:
        """Return P(looked at) times P(click | looked at)."""
        return appeals * self.decay ** np.arange(appeals.shape[1])

    def draw(self, appeals: Floats, patience: Floats, rng: np.random.Generator) -> Floats:
        """Return clicks, 0 or 1."""
        clicked = rng.random(appeals.shape) < self.expected(appeals, patience)
        return clicked.astype(np.float64)


@dataclass(frozen=True, slots=True)
class Cascade:
    """From the top down until the first click; without one, on to the next position with P(patience).

    Craswell et al., 2008, with abandonment.
    """

    def expected(self, appeals: Floats, patience: Floats) -> Floats:
        """Return P(first click here)."""
        reached = np.cumprod((1.0 - appeals) * patience[:, None], axis=1)
        reached = np.concatenate([np.ones((len(appeals), 1)), reached[:, :-1]], axis=1)
        return appeals * reached

    def draw(self, appeals: Floats, patience: Floats, rng: np.random.Generator) -> Floats:
        """Return clicks, at most one a slate."""
        would = rng.random(appeals.shape) < appeals
        stays = rng.random(appeals.shape) < patience[:, None]
        goes_on = np.logical_and.accumulate(stays & ~would, axis=1)
        looked = np.concatenate([np.ones((len(appeals), 1), dtype=bool), goes_on[:, :-1]], axis=1)
        return np.asarray(would & looked, dtype=np.float64)
