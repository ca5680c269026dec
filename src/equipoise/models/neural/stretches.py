"""Histories cut to the length that a net reads, and bundled so that little of a batch is padding."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.types import Ints


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches of the rows `firsts` to below `ends` (m,), within histories that stop before `stops`."""

    firsts: Ints
    ends: Ints
    stops: Ints

    @classmethod
    def of(cls, data: Interactions, length: int, rng: np.random.Generator, *, whole: bool) -> "Stretches":
        """Cut one stretch for each half `length` of a history, its end shifted at random.

        With `whole`, a history that fits is one stretch, all but its last item.
        """
        offsets = data.histories().offsets
        starts, stops = offsets[:-1][np.diff(offsets) > 1], offsets[1:][np.diff(offsets) > 1]
        stride = max(1, length // 2)
        fits = whole & (stops - starts - 1 <= length)
        counts = np.where(fits, 1, -(-(stops - starts - 1) // stride))
        nth = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        starts, stops = np.repeat(starts, counts), np.repeat(stops, counts)
        shift = np.where(np.repeat(fits, counts), 0, rng.integers(0, stride, len(nth)))
        ends = np.maximum(stops - 1 - stride * nth - shift, starts + 1)
        return cls(np.maximum(starts, ends - length), ends, stops)

    def lengths(self) -> Ints:
        """Return the number of items of each stretch, (m,)."""
        return self.ends - self.firsts

    def take(self, rows: Ints) -> "Stretches":
        """Return the stretches `rows`."""
        return Stretches(self.firsts[rows], self.ends[rows], self.stops[rows])


def bundles(lengths: Ints, batch_items: int, rng: np.random.Generator) -> list[Ints]:
    """Return the rows of each batch, batches in random order, rows of like length together.

    A batch of b rows, the longest of n places, has b * n <= `batch_items`, or one row.
    """
    order = rng.permutation(len(lengths))
    order = order[np.argsort(-lengths[order], kind="stable")]
    cuts, at = [], 0
    while at < len(order):
        cuts.append(at)
        at += max(1, batch_items // int(lengths[order[at]]))
    found = np.split(order, cuts[1:]) if cuts else []
    return [found[place] for place in rng.permutation(len(found))]
