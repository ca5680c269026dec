"""Whether a list is divided among the categories as the history is (Steck, 2018)."""

import numpy as np
from scipy import sparse

from equipoise.data.histories import Histories
from equipoise.evaluation.ranking.about import Categories
from equipoise.evaluation.ranking.lists import Lists
from equipoise.types import Floats

ALPHA = 0.01
"""How much of the history's own distribution is mixed into the list's, so that no category has none."""


def miscalibration(lists: Lists, categories: Categories) -> Floats:
    """Return KL(p || q) in nats between the categories of history and list: 0 is calibrated, lower is better.

    p is the mean distribution of the history's items and q that of the list's, with p mixed into q by
    `ALPHA`. Items without a category count for nothing; a history without any gives 0.
    """
    wanted = _distribution(lists.histories, lists.n_items, categories)
    given = _distribution(Histories.of(list(lists.items)), lists.n_items, categories)
    # A category that is not in the history adds nothing: p log p is 0 there.
    rows, columns = wanted.nonzero()
    if len(rows) == 0:
        return np.zeros(len(lists.items))
    p, q = (np.asarray(table[rows, columns]).ravel() for table in (wanted, given))
    terms = p * np.log(p / ((1 - ALPHA) * q + ALPHA * p))
    return np.bincount(rows, terms, len(lists.items)).astype(np.float64)


def _distribution(rows: Histories, n_items: int, categories: Categories) -> sparse.csr_matrix:
    """Return the share of each category in each row, (n, n_categories), in sum 1 or 0."""
    return Categories.of(rows.matrix(n_items).astype(np.float64) @ categories.shares).shares
