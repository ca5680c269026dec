"""Why a sequence model scored an item as it did: what the score loses without each item of the history.

A net does not add its history up, so no item has a share of the score. What can be said honestly is how much
lower the score were had an item not been met at all (erasure: Li et al., 2016, "Understanding neural networks
through representation erasure"). These differences need not sum to the score: two items that say the same are
worth little each.
"""

from collections.abc import Callable

import numpy as np

from equipoise.data.histories import PADDING, Histories
from equipoise.models.learner import TopK
from equipoise.types import Floats, Ints

Encode = Callable[[Histories], Floats]
_ROUNDING = 1e-5
"""A difference of less than this share of the score is one of float32 alone."""


def missed(encode: Encode, table: Floats, bias: Floats, histories: Histories, items: Ints, k: int) -> TopK:
    """Return the `k` items of each history without which its item in `items` (n,) would lose most.

    `encode` makes the vectors of histories; an item's score is their product with its row of `table`
    (n_items, d), plus its `bias` (n_items,). Histories that are the same are read once.
    """
    known = histories.known(len(table))
    found = np.full((len(items), k), PADDING, np.int64)
    lost = np.full((len(items), k), -np.inf, np.float32)
    rows = [np.asarray(row) for row in known]
    for history in {row.tobytes(): row for row in rows}.values():
        asked = [at for at, row in enumerate(rows) if np.array_equal(row, history)]
        asked = [at for at in asked if 0 <= items[at] < len(table)]
        met, vectors = _without_each(encode, history)
        scores = vectors @ table[items[asked]].T + bias[items[asked]]
        noise = _ROUNDING * np.maximum(np.abs(scores[0]), 1)
        for at, gains, least in zip(asked, (scores[0] - scores[1:]).T, noise, strict=True):
            order = [place for place in np.argsort(-gains, kind="stable")[:k] if gains[place] > least]
            found[at, : len(order)], lost[at, : len(order)] = met[order], gains[order]
    return TopK(found, lost)


def _without_each(encode: Encode, history: Ints) -> tuple[Ints, Floats]:
    """Return the distinct items of `history`, (m,), and its vector, then those without each, (1 + m, d)."""
    met = np.unique(history)
    return met, encode(Histories.of([history, *(history[history != item] for item in met)]))
