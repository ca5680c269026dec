"""How unlike one another the items of a list are, and how unlike those of the history.

The cosines to all of a list are the product with the sum of its vectors, so that every mean over pairs takes
one pass over the vectors.
"""

import numpy as np

from equipoise.evaluation.ranking.about import Vectors
from equipoise.evaluation.ranking.lists import Lists
from equipoise.kernels import kernel
from equipoise.types import Floats, Ints


def diversity(lists: Lists, vectors: Vectors) -> Floats:
    """Return the mean of 1 - cosine over the pairs of the list, 0 for fewer than two items.

    The intra-list distance of Ziegler et al. (2005) and of Zhang and Hurley (2008).
    """
    units, sizes = vectors.units, lists.shown()
    alike = _cosines_before(lists.items, units.indptr, units.indices, units.data, units.shape[1])
    pairs = sizes * (sizes - 1) / 2
    return np.where(pairs > 0, 1.0 - alike.sum(axis=1) / np.maximum(pairs, 1.0), 0.0)


def unexpectedness(lists: Lists, vectors: Vectors) -> Floats:
    """Return the mean of 1 - cosine between the items of the list and those of the history.

    One less the unserendipity of Zhang et al. (2012); 0 for an empty list, 1 each for an empty history.
    """
    surprise = np.where(lists.filled(), 1.0 - _to_history(lists, vectors), 0.0)
    return np.asarray(surprise.sum(axis=1) / np.maximum(lists.shown(), 1))


def serendipity(lists: Lists, vectors: Vectors) -> Floats:
    """Return sum over the hits of 1 - mean cosine to the history, over k.

    Both relevant and unexpected (Ge, Delgado-Battenfeld and Jannach, 2010), the second by `unexpectedness`.
    """
    surprise = np.where(lists.hits, 1.0 - _to_history(lists, vectors), 0.0)
    return np.asarray(surprise.sum(axis=1) / lists.k)


def _to_history(lists: Lists, vectors: Vectors) -> Floats:
    """Return the mean cosine of each item to the distinct items of the history, (n, width)."""
    units, past = vectors.units, lists.histories.matrix(lists.n_items)
    table = (units.indptr, units.indices, units.data, units.shape[1])
    sums = _cosines_to(lists.items, past.indptr, past.indices, *table)
    return np.asarray(sums / np.maximum(np.diff(past.indptr), 1)[:, None])


@kernel
def _add(total: Floats, item: int, starts: Ints, columns: Ints, values: Floats) -> None:
    for place in range(starts[item], starts[item + 1]):
        total[columns[place]] += values[place]


@kernel
def _product(total: Floats, item: int, starts: Ints, columns: Ints, values: Floats) -> float:
    found = 0.0
    for place in range(starts[item], starts[item + 1]):
        found += total[columns[place]] * values[place]
    return found


@kernel
def _clear(total: Floats, item: int, starts: Ints, columns: Ints) -> None:
    for place in range(starts[item], starts[item + 1]):
        total[columns[place]] = 0.0


@kernel
def _cosines_before(items: Ints, starts: Ints, columns: Ints, values: Floats, width: int) -> Floats:
    """Return the sum of the cosines of each item to those above it in its list, (n, k)."""
    found = np.zeros(items.shape, np.float64)
    total = np.zeros(width, np.float64)
    for row in range(len(items)):
        for place, item in enumerate(items[row]):
            if item >= 0:
                found[row, place] = _product(total, item, starts, columns, values)
                _add(total, item, starts, columns, values)
        for item in items[row]:
            if item >= 0:
                _clear(total, item, starts, columns)
    return found


@kernel
def _cosines_to(
    items: Ints, offsets: Ints, past: Ints, starts: Ints, columns: Ints, values: Floats, width: int
) -> Floats:
    """Return the sum of the cosines of each item to those of its row of `past`, (n, k)."""
    found = np.zeros(items.shape, np.float64)
    total = np.zeros(width, np.float64)
    for row in range(len(items)):
        history = past[offsets[row] : offsets[row + 1]]
        for item in history:
            _add(total, item, starts, columns, values)
        for place, item in enumerate(items[row]):
            if item >= 0:
                found[row, place] = _product(total, item, starts, columns, values)
        for item in history:
            _clear(total, item, starts, columns)
    return found
