"""The two protocols of every model: a learner is hyperparameters, a scorer is what it fitted."""

from dataclasses import dataclass
from typing import Protocol, Self, runtime_checkable

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.models.search.rows import best_of_rows
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class TopK:
    """The best `k` items of each row, best first: `items` (n, k) codes, -1 where there are fewer.

    `scores` (n, k), -inf where the item is -1.
    """

    items: Ints
    scores: Floats

    @classmethod
    def of(cls, scores: Floats, k: int, *, left_out: Histories | None = None) -> Self:
        """Return the `k` highest of each row of `scores` (n, n_items), compared as float32.

        Neither -inf, nor NaN, nor what is in the history of a row in `left_out` is among them. Equal scores
        are in the order of their codes.
        """
        return cls(*best_of_rows(scores, k, left_out=left_out))


@runtime_checkable
class Scorer(Protocol):
    """A fitted model. It scores histories, not users: a new visitor is no special case.

    Item codes in a history at or above `n_items` are left out.
    """

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        ...

    def score(self, histories: Histories) -> Floats:
        """Return the score of every item for each history, (n, n_items), float32; higher is better."""
        ...

    def score_candidates(self, histories: Histories, candidates: Ints) -> Floats:
        """Return the scores of `candidates` (n, m), (n, m); -inf for -1 and for codes it cannot score."""
        ...

    def top(self, histories: Histories, k: int, exclude_seen: bool = True) -> TopK:
        """Return the best `k` items of each history."""
        ...

    def similar(self, items: Ints, k: int) -> TopK:
        """Return the `k` items most similar to each of `items` (n,), never the item itself."""
        ...


@runtime_checkable
class Explains(Protocol):
    """A scorer that can name the items of a history that caused a recommendation."""

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history that raised the score of its item in `items` (n,) most.

        The scores are what each added, above 0.
        """
        ...


@runtime_checkable
class Learner(Protocol):
    """Hyperparameters: a frozen, keyword-only dataclass."""

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> Scorer:
        """Return a scorer fitted on `data`; the same data and generator give the same bits."""
        ...
