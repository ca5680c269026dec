"""How much of the catalogue the lists of all users reach, and how evenly."""

import numpy as np

from equipoise.evaluation.ranking.lists import Lists
from equipoise.types import Ints


def coverage(lists: Lists) -> float:
    """Return the share of all items that are in somebody's list (Ge et al., 2010)."""
    return float((_times(lists) > 0).mean()) if lists.n_items else 0.0


def gini(lists: Lists) -> float:
    """Return how unevenly places in lists go to items: 0 all alike, 1 all to one item (Gini, 1912).

    With the n items in order of their shares p, sum over j of (2j - n - 1) p_j / (n - 1), as Shani and
    Gunawardana (2011) give it.
    """
    times, n = np.sort(_times(lists)), lists.n_items
    if n < 2 or not times.any():
        return 0.0
    return float((2 * np.arange(1, n + 1) - n - 1) @ (times / times.sum()) / (n - 1))


def _times(lists: Lists) -> Ints:
    return np.bincount(lists.items[lists.filled()], minlength=lists.n_items)
