"""Whether the list holds what the user met next, and how high.

T are the user's targets, h(r) is 1 where the item of rank r (from 1) is one, and sums run over r <= k.
"""

import numpy as np

from equipoise.evaluation.ranking.lists import Lists
from equipoise.types import Floats


def recall(lists: Lists) -> Floats:
    """Return the share of the targets that is in the list: sum h(r) / the size of T."""
    return np.asarray(lists.hits.sum(axis=1) / lists.targets)


def precision(lists: Lists) -> Floats:
    """Return the share of the list that is a target: sum h(r) / k, however short the list."""
    return np.asarray(lists.hits.sum(axis=1) / lists.k)


def hr(lists: Lists) -> Floats:
    """Return 1 where there is a hit: the hit rate, one user at a time."""
    return np.asarray(lists.hits.any(axis=1), np.float64)


def mrr(lists: Lists) -> Floats:
    """Return 1 / rank of the first hit, 0 where there is none (Voorhees, 1999)."""
    first = np.where(lists.hits.any(axis=1), lists.hits.argmax(axis=1) + 1.0, np.inf)
    return np.asarray(1.0 / first, np.float64)


def average_precision(lists: Lists) -> Floats:
    """Return sum h(r) precision(r) / min(size of T, k): 1 for a perfect list, whatever the number of targets.

    Its mean over users is MAP (Buckley and Voorhees, 2000), cut off at k.
    """
    ranks = np.arange(1, lists.hits.shape[1] + 1)
    at_hits = np.where(lists.hits, np.cumsum(lists.hits, axis=1) / ranks, 0.0)
    return np.asarray(at_hits.sum(axis=1) / np.minimum(lists.targets, lists.k))


def ndcg(lists: Lists) -> Floats:
    """Return sum h(r) / log2(r + 1), over the same for a perfect list (Jarvelin and Kekalainen, 2002)."""
    discounts = 1.0 / np.log2(np.arange(2, lists.k + 2))
    ideal = np.cumsum(discounts)[np.minimum(lists.targets, lists.k) - 1]
    return np.asarray(lists.hits @ discounts[: lists.hits.shape[1]] / ideal)


def revenue(lists: Lists) -> Floats:
    """Return the money the user spent after the split on the items of the list."""
    return np.asarray(lists.money.sum(axis=1))
