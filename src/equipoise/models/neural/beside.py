"""What is known beside the items of a history: by which event each was met, and how long after the last one.

Vectors of either are added to that of the item. Time gaps are logarithmic, as people come back after minutes
or months and the difference of an hour says much to the first and nothing to the second (the buckets of
Zhai et al., 2024, "HSTU").
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from equipoise.data.histories import Histories
from equipoise.events.facts import EVENT_TYPES
from equipoise.models.neural.backends.backend import Array, Backend
from equipoise.types import Ints

INPUTS = ("kinds", "gaps")
N_KINDS = len(EVENT_TYPES) + 1
N_GAPS = 29
SECOND = 1_000_000
"""Microseconds."""


@dataclass(frozen=True, slots=True)
class Codes:
    """`kinds` and `gaps` of the events of histories, of one shape with their items; 0 is not known."""

    kinds: Ints
    gaps: Ints

    @classmethod
    def of(cls, histories: Histories) -> Self:
        """Return the codes of all items of `histories`, (total,) each."""
        nothing = np.zeros(len(histories.items), np.int64)
        return cls(
            kinds=nothing if histories.kinds is None else histories.kinds + 1,
            gaps=nothing if histories.times is None else _gaps(histories.times, histories.offsets),
        )

    def at(self, places: Ints) -> "Codes":
        """Return the codes at `places`."""
        return Codes(self.kinds[places], self.gaps[places])


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """`kinds` (`N_KINDS`, d) and `gaps` (`N_GAPS`, d) vectors; no rows where they are no input."""

    kinds: Array
    gaps: Array

    @classmethod
    def start(cls, inputs: tuple[str, ...], size: int) -> Self:
        """Return vectors of zeros for those of `INPUTS` that are among `inputs`."""
        kinds, gaps = (
            np.zeros((rows if name in inputs else 0, size), np.float32)
            for name, rows in (("kinds", N_KINDS), ("gaps", N_GAPS))
        )
        return cls(kinds=kinds, gaps=gaps)

    def codes(self, histories: Histories) -> Codes:
        """Return the codes of `histories`, worked out for what is an input alone."""
        kinds = histories.kinds if len(self.kinds) else None
        times = histories.times if len(self.gaps) else None
        return Codes.of(Histories(histories.items, histories.offsets, kinds, times))

    def __call__(self, x: Array, codes: Codes, on: Backend) -> Array:
        """Return `x` (…, d), what is known beside its items added."""
        if len(self.kinds):
            x = x + on.taken(self.kinds, codes.kinds)
        if len(self.gaps):
            x = x + on.taken(self.gaps, codes.gaps)
        return x


def _gaps(times: Ints, offsets: Ints) -> Ints:
    """Return 1 + log2(1 + seconds since the item before), whole; 0 for the first of each history."""
    seconds = np.maximum(np.diff(times, prepend=times[:1]), 0) // SECOND
    codes = np.minimum(1 + np.log2(1 + seconds).astype(np.int64), N_GAPS - 1)
    codes[offsets[:-1][np.diff(offsets) > 0]] = 0
    return np.asarray(codes)
