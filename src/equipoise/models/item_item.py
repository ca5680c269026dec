"""Item-to-item scorers: every item of a history adds its row of weights to the scores."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import sparse

from equipoise.data.histories import PADDING, Histories
from equipoise.kernels import kernel
from equipoise.models.dense import DenseScorer
from equipoise.models.learner import TopK
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class DenseItems(DenseScorer):
    """`weights` (n_items, n_items): row i is what an item i in the history adds to every score.

    An item `age` places before the newest of its history counts `decay` ** `age`.
    """

    weights: Floats
    decay: float = 1.0

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return len(self.weights)

    def score(self, histories: Histories) -> Floats:
        """Return the sum of the rows of the distinct items of each history, (n, n_items)."""
        if len(histories) == 1:
            scores = np.zeros((1, self.n_items), np.float32)
            _add_whole_rows(self.weights, *histories.distinct(self.n_items, self.decay), scores[0])
            return scores
        return np.asarray(histories.matrix(self.n_items, self.decay) @ self.weights, np.float32)

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history that raised the score of its item in `items` (n,) most."""
        return strongest(histories.matrix(self.n_items, self.decay), items, self.n_items, k, self._weight)

    def _weight(self, met: Ints, item: int) -> Floats:
        return np.asarray(self.weights[met, item])


@dataclass(frozen=True, slots=True, kw_only=True)
class SparseItems(DenseScorer):
    """`weights` (n_items, n_items) CSR: row i holds what an item i in the history adds to some scores.

    An item `age` places before the newest of its history counts `decay` ** `age`.
    """

    weights: sparse.csr_matrix
    decay: float = 1.0

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return int(self.weights.shape[0])

    def score(self, histories: Histories) -> Floats:
        """Return the sum of the rows of the distinct items of each history, (n, n_items)."""
        if len(histories) == 1:
            return summed(self.weights, *histories.distinct(self.n_items, self.decay))[None, :]
        met = histories.matrix(self.n_items, self.decay)
        return np.asarray((met @ self.weights).toarray(), np.float32)

    def similar(self, items: Ints, k: int) -> TopK:
        """Return the items that each of `items` raises most; fewer than `k` where it raises fewer."""
        scores = self.score(Histories(np.asarray(items, np.int64), np.arange(len(items) + 1)))
        inside = np.flatnonzero((items >= 0) & (items < self.n_items))
        scores[inside, items[inside]] = 0.0
        return TopK.of(np.where(scores > 0, scores, -np.inf), k)

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history that raised the score of its item in `items` (n,) most."""
        return strongest(histories.matrix(self.n_items, self.decay), items, self.n_items, k, self._weight)

    def _weight(self, met: Ints, item: int) -> Floats:
        return np.asarray(self.weights[met, item].todense()).ravel()


def summed(table: sparse.csr_matrix, rows: Ints, counts: Floats) -> Floats:
    """Return the sum of the given `rows` of `table` (n, m), each times its count, (m,) float32.

    For one request: adding up a few sparse rows by hand is several times faster than a sparse product.
    """
    total = np.zeros(table.shape[1])
    _add_rows(table.indptr, table.indices, table.data, rows, counts, total)
    return total.astype(np.float32)


@kernel
def _add_whole_rows(table: Floats, rows: Ints, counts: Floats, total: Floats) -> None:
    for place in range(len(rows)):
        row, count = table[rows[place]], counts[place]
        for column in range(len(total)):
            total[column] += count * row[column]


@kernel
def _add_rows(starts: Ints, places: Ints, values: Floats, rows: Ints, counts: Floats, total: Floats) -> None:
    for row in range(len(rows)):
        for entry in range(starts[rows[row]], starts[rows[row] + 1]):
            total[places[entry]] += counts[row] * values[entry]


class _Weight(Protocol):
    def __call__(self, met: Ints, item: int) -> Floats: ...


def strongest(met: sparse.csr_matrix, items: Ints, n_items: int, k: int, weight: _Weight) -> TopK:
    """Return the `k` items of each row of `met` (n, n_items) by what they add to the score of its item.

    Only what adds more than 0; nothing for an item out of range.
    """
    found = np.full((len(items), k), PADDING, np.int64)
    added = np.full((len(items), k), -np.inf, np.float32)
    for row, item in enumerate(items):
        here = slice(met.indptr[row], met.indptr[row + 1])
        codes = met.indices[here]
        gains = met.data[here] * weight(codes, int(item)) if 0 <= item < n_items else np.zeros(len(codes))
        order = [place for place in np.argsort(-gains, kind="stable")[:k] if gains[place] > 0]
        found[row, : len(order)], added[row, : len(order)] = codes[order], gains[order]
    return TopK(found, added)
