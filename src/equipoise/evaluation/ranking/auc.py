"""The chance that a target is ranked above an item that is none, over all items."""

import numpy as np
from scipy import sparse

from equipoise.data.histories import Histories
from equipoise.kernels import kernel
from equipoise.types import Floats, Ints

_TARGET, _LEFT_OUT = 1, 2


def auc(scores: Floats, targets: Histories, left_out: Histories | None = None) -> Floats:
    """Return the area under the ROC curve of each row of `scores` (n, n_items), exact, (n,).

    The mean over the targets of the share of other items ranked below, equal scores counting half (Hanley and
    McNeil, 1982). Items `left_out` are no candidates. A target that is left out or outside the scores is
    below everything; 0.5 where there is no item but targets. Each target takes one pass over the row.
    """
    marks = _marked(targets, left_out, scores.shape[1])
    others = scores.shape[1] - np.diff(marks.indptr)
    table = np.ascontiguousarray(scores, np.float32)
    below = _pairs_in_order(table, marks.indptr, marks.indices, marks.data.astype(np.int8))
    return np.where(others > 0, below / np.maximum(targets.lengths() * others, 1), 0.5)


def _marked(targets: Histories, left_out: Histories | None, n_items: int) -> sparse.csr_matrix:
    """Return the items that are no candidates beside the targets, and the targets themselves."""
    goals = _TARGET * targets.matrix(n_items)
    return goals if left_out is None else (goals + _LEFT_OUT * left_out.matrix(n_items)).tocsr()


@kernel
def _pairs_in_order(scores: Floats, starts: Ints, codes: Ints, kinds: Ints) -> Floats:
    """Return how often a target is above an item that is not marked, equal ones by half, (n,)."""
    twice = np.zeros(len(scores), np.int64)
    for row in range(len(scores)):
        here, marked = scores[row], codes[starts[row] : starts[row + 1]]
        for place, code in enumerate(marked):
            if kinds[starts[row] + place] == _TARGET:
                twice[row] += _twice_below(here, here[code]) - _twice_below(here[marked], here[code])
    return 0.5 * twice


@kernel
def _twice_below(scores: Floats, bar: np.float32) -> np.int32:
    twice = np.int32(0)
    for score in scores:
        twice += np.int32(score < bar) + np.int32(score <= bar)
    return twice
