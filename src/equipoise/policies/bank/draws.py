"""Draws of what candidates may turn out to be worth: made once an update, so that choices have a law.

A draw picks one of the models, and for each item one part of its mix and a value, independent of those of
the others.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from equipoise.kernels import kernel
from equipoise.policies.bank.state_space import StateSpace, Utilities
from equipoise.random import derive
from equipoise.types import Floats, Ints

DRAWS = 100
_TABLE = 1 << 16
NORMALS = derive(0, "normals").permutation(ndtri((np.arange(_TABLE) + 0.5) / _TABLE))
"""Evenly spread standard normal numbers in random order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """`models` (s,) drawn by their chances from those in question.

    What is drawn for an item is found in a table of normal numbers, at a place made of the draw, the item and
    `turn`, and the part by the bits of the same: whoever asks twice is told the same.
    """

    models: Ints
    turn: int

    @classmethod
    def of(cls, bank: StateSpace, turn: int, *, purpose: str) -> "Draws":
        """Return the draws of `turn` from `bank`."""
        rng = derive(turn, purpose)
        strata = (rng.permutation(DRAWS) + rng.random()) / DRAWS
        kept = np.flatnonzero(bank.chances)
        models = np.minimum(np.searchsorted(np.cumsum(bank.chances[kept]), strata), len(kept) - 1)
        return cls(models=models, turn=turn)

    def utilities(self, items: Ints, told: Utilities, variances: Floats) -> Floats:
        """Return the drawn utilities (n, s) of n `items`: as `told`, but with `variances` (p, n)."""
        drawn, deviations = np.empty((len(items), len(self.models))), np.sqrt(variances)
        _draw(
            told.starts,
            told.likely,
            told.means,
            deviations,
            self.models,
            items.astype(np.int64),
            self.turn,
            NORMALS,
            drawn,
        )
        return drawn


@kernel
def _stirred(place: int) -> float:
    """Return a number in [0, 1) by `place`: stirred, or the parts of neighbours would go together."""
    bits = (place ^ (place >> 31)) * 2246822519
    return (((bits ^ (bits >> 29)) >> 8) & 0xFFFF) / 65536.0


@kernel
def _draw(
    starts: Ints,
    likely: Floats,
    means: Floats,
    deviations: Floats,
    models: Ints,
    items: Ints,
    turn: int,
    normals: Floats,
    drawn: Floats,
) -> None:
    n, s = drawn.shape
    middles, wide, below = np.empty(len(means)), np.empty(len(means)), np.empty(len(means))
    lows, lasts = starts[models], starts[models + 1] - 1
    for row in range(n):
        middles[:], wide[:] = means[:, row], deviations[:, row]
        _heap(starts, likely[:, row], below)
        for draw in range(s):
            place = (items[row] * 40503 + draw * 30011 + turn * 50021) * 2654435761
            part, last = lows[draw], lasts[draw]
            if part < last:
                luck = _stirred(place)
                for one in range(lows[draw], last):
                    part += luck >= below[one]
            drawn[row, draw] = middles[part] + wide[part] * normals[(place >> 16) & (len(normals) - 1)]


@kernel
def _heap(starts: Ints, likely: Floats, below: Floats) -> None:
    """Fill `below` with the sums of `likely` over the parts of a model up to each, (p,)."""
    for model in range(len(starts) - 1):
        total = 0.0
        for part in range(starts[model], starts[model + 1]):
            total += likely[part]
            below[part] = total
