"""The scorer of every factor model: a history is folded in to a query, which each item is multiplied by."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import sparse

from equipoise.data.histories import Histories
from equipoise.models.cosines import nearest, unit_rows
from equipoise.models.dense import DenseScorer, joined
from equipoise.models.item_item import strongest
from equipoise.models.learner import TopK
from equipoise.types import Floats, Ints


class Fold(Protocol):
    """How what a user met becomes a query; a frozen dataclass of arrays, saved with the scorer."""

    def queries(self, met: sparse.csr_matrix, items: Floats) -> Floats:
        """Return the query (n, d) of each row of `met` (n, n_items), the `items` being (n_items, d)."""
        ...


class LinearFold(Fold, Protocol):
    """A fold in which every item of a history adds a part of its own to each score."""

    def shares(self, met: Ints, weights: Floats, items: Floats, item: int) -> Floats:
        """Return what each of `met` (m,) adds to the score of `item` for each unit of its `weights`, (m,)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorScorer(DenseScorer):
    """`items` (n_items, d): the score of item i is `items[i]` times the query that `fold` makes of a history.

    What an item adds to everybody's score, where a model has that, is one more column, which queries meet
    with 1. An item `age` places before the newest of its history counts `decay` ** `age`.
    """

    items: Floats
    fold: Fold
    decay: float = 1.0

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return len(self.items)

    def queries(self, histories: Histories) -> Floats:
        """Return the query of each history, (n, d)."""
        return self.fold.queries(histories.matrix(self.n_items, self.decay), self.items)

    def score(self, histories: Histories) -> Floats:
        """Return the product of each query with each item, (n, n_items)."""
        return np.asarray(self.queries(histories) @ self.items.T, np.float32)

    def score_candidates(self, histories: Histories, candidates: Ints) -> Floats:
        """Return the scores of `candidates` (n, m), (n, m); -inf for -1 and for codes it cannot score."""
        inside = (candidates >= 0) & (candidates < self.n_items)
        found = np.full(candidates.shape, -np.inf, np.float32)
        queries = self.queries(histories)
        for row, known in enumerate(inside):
            found[row, known] = self.items[candidates[row, known]] @ queries[row]
        return found

    def similar(self, items: Ints, k: int) -> TopK:
        """Return the `k` items whose vectors point most nearly the way of those of `items`, by cosine."""
        return nearest(unit_rows(self.items), items, k)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearFactorScorer(FactorScorer):
    """A factor scorer that can say which items of a history made a score."""

    fold: LinearFold

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history that raised the score of its item in `items` (n,) most."""
        met = histories.matrix(self.n_items, self.decay)
        return joined([self._because(met[row], items[row : row + 1], k) for row in range(len(histories))], k)

    def _because(self, row: sparse.csr_matrix, item: Ints, k: int) -> TopK:
        def weight(met: Ints, item: int) -> Floats:
            return self.fold.shares(met, row.data, self.items, item)

        return strongest(row, item, self.n_items, k, weight)
