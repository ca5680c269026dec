"""A log without propensities, made fit for replay: the items shown most in each period are its shelf."""

from collections.abc import Iterator

import numpy as np

from equipoise.types import Floats, Ints


def shelves(items: Ints, periods: Ints, size: int) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Yield for each period the `size` items shown most, the rows that show one, and the items' shares.

    `items` (t,) codes and `periods` (t,) of the rounds. The shares (size,) stand for propensities: they
    are right where what was shown depends on the period alone, and only estimates where it depends
    on the visitor too.
    """
    for period in np.unique(periods):
        rows = np.flatnonzero(periods == period)
        counts = np.bincount(items[rows])
        shelf = np.argsort(-counts, kind="stable")[:size]
        counted = counts[shelf]
        if len(shelf) == size and counted[-1] > 0:
            yield shelf, rows[np.isin(items[rows], shelf)], counted / counted.sum()


def popular_rounds(items: Ints, periods: Ints, size: int) -> tuple[Ints, Ints, Ints, Floats]:
    """Return rounds on the shelves: rows (t',), candidates (t', m), actions (t',), propensities (t', m)."""
    rows, candidates, propensities = [], [], []
    for shelf, on_it, shares in shelves(items, periods, size):
        rows.append(on_it)
        candidates.append(np.broadcast_to(shelf, (len(on_it), size)))
        propensities.append(np.broadcast_to(shares, (len(on_it), size)))
    places, offered = np.concatenate(rows), np.concatenate(candidates)
    actions = (offered == items[places][:, None]).argmax(axis=1)
    return places, offered, actions, np.concatenate(propensities)
