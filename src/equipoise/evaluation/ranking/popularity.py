"""How well known the recommended items were already."""

import numpy as np

from equipoise.evaluation.ranking.about import Popularity
from equipoise.evaluation.ranking.lists import Lists
from equipoise.types import Floats


def novelty(lists: Lists, known: Popularity) -> Floats:
    """Return the mean of log2(users / users who met the item), in bits: self-information (Zhou et al., 2010).

    An item nobody met counts as met by one user.
    """
    return lists.mean(np.log2(known.n_users / np.maximum(known.met_by, 1)))


def popularity(lists: Lists, known: Popularity) -> Floats:
    """Return the mean number of users who met the items of the list (Yin et al., 2012)."""
    return lists.mean(known.met_by.astype(np.float64))


def popularity_lift(lists: Lists, known: Popularity) -> float:
    """Return by which share the lists' items are more popular than those of the histories.

    (L - H) / H, with L and H the means over users of the mean popularity of list and history
    (Abdollahpouri et al., 2020); users without a history are left out, and 0 is returned without any.
    """
    past = lists.histories.matrix(lists.n_items)
    sizes = np.diff(past.indptr)
    asked = sizes > 0
    before = (past @ known.met_by)[asked] / sizes[asked]
    after = popularity(lists, known)[asked]
    return float(after.mean() / before.mean() - 1.0) if asked.any() and before.any() else 0.0
