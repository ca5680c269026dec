"""A history cut after each of its items: what came before, and what came after."""

import numpy as np

from equipoise.data.histories import Histories
from equipoise.types import Ints


def cuts(histories: Histories, back: int, ahead: int) -> tuple[Histories, Histories]:
    """Return the two sides of every cut that leaves an item on each: at most `back` items, and `ahead`.

    The items before a cut are oldest first. Those after it are turned round, so that the next item is in
    the place of the newest.
    """
    ends = histories.offsets[histories.rows() + 1]
    starts = histories.offsets[histories.rows()]
    places = np.arange(len(histories.items))
    inner = places > starts
    cut, starts, ends = places[inner], starts[inner], ends[inner]
    before = _runs(histories.items, np.maximum(starts, cut - back), cut)
    after = _runs(histories.items[::-1], len(places) - np.minimum(ends, cut + ahead), len(places) - cut)
    return before, after


def _runs(items: Ints, starts: Ints, stops: Ints) -> Histories:
    """Return one history items[start:stop] for each pair."""
    offsets = np.concatenate(([0], np.cumsum(stops - starts, dtype=np.int64)))
    places = np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], stops - starts)
    return Histories(items[places], offsets)
