"""Training goes on from an earlier scorer, whose items come first in the catalogue of today.

A scorer holds the vector of an item as one sum. Where there is content it is taken apart again: the terms are
fitted to the sums (ridge regression), and what they leave is the item's own vector, so that the scores are
those of the scorer whatever terms the content has today.
"""

from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import lsmr

from equipoise.errors import BadInputError
from equipoise.models.neural.scorer import SequenceScorer
from equipoise.models.neural.tree import leaves
from equipoise.models.neural.weights import Weights
from equipoise.types import Floats


def continued(
    start: Weights, last: SequenceScorer, content: sparse.csr_matrix | None, trend: Floats, *, unit: bool
) -> Weights:
    """Return `start` with what `last` learnt; items it did not know stay as they are.

    `trend` (n_items,) is what will be added to the biases once trained. Raises `BadInputError` where `last`
    is of another catalogue or another net.
    """
    _check(start, last, unit)
    n = last.n_items
    terms = start.terms if content is None else _terms(content[:n], last.items)
    own = last.items if content is None else last.items - content[:n] @ terms
    items, bias = start.items.copy(), start.bias.copy()
    # Where the weights were fitted with a trend, it is about that of today, and must not count twice.
    items[:n], bias[:n] = own, last.bias - trend[:n]
    scale = np.array([np.log(last.scale)], np.float32) if unit else start.log_scale
    return replace(
        start, items=items, terms=terms, bias=bias, log_scale=scale, beside=last.beside, net=last.net
    )


def _check(start: Weights, last: SequenceScorer, unit: bool) -> None:
    if last.n_items > len(start.items):
        raise BadInputError(
            "last",
            f"is of another catalogue ({last.n_items} items, this one has {len(start.items)}); items may be "
            "added at the end, none taken away",
        )
    same = (type(last.net), last.unit, _shapes(last)) == (type(start.net), unit, _shapes(start))
    if not same:
        raise BadInputError(
            "last", "is of another net or of other sizes; fit with the settings it was fitted with"
        )


def _shapes(of: Weights | SequenceScorer) -> list[tuple[int, ...]]:
    return [of.items.shape[1:], *(array.shape for array in leaves((of.beside, of.net)))]


def _terms(content: sparse.csr_matrix, items: Floats) -> Floats:
    """Return the terms (n_terms, d) whose sums are nearest to `items` (n, d)."""
    found = [lsmr(content, column, damp=1.0)[0] for column in items.T.astype(np.float64)]
    return np.stack(found, axis=1).astype(np.float32)
