"""Reciprocal rank fusion (Cormack, Clarke & Buettcher, 2009).

RRF(i) = sum_m w_m / (k + r_m(i)), r_m(i) the rank of item i among all items by model m, 1 for the best.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.dense import DenseScorer, pick
from equipoise.models.fusion.parts import default_learners, fitted, shared_size
from equipoise.models.fusion.reasons import shared
from equipoise.models.fusion.standard import standardised
from equipoise.models.learner import Learner, Scorer, TopK
from equipoise.types import Floats, Ints

_DECIMALS = 5
"""Standardised scores closer than this are equal: they differ by rounding, and so may not differ in rank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReciprocalRank:
    """Adds up the reciprocal ranks of `learners`, by name: nothing to tune, and no scale to agree on.

    A larger `k` lets the top of one list count less against agreement further down.
    """

    learners: Mapping[str, Learner] = field(default_factory=default_learners)
    k: float = 60.0

    def __post_init__(self) -> None:
        if not self.learners or not self.k >= 0:
            raise BadInputError("reciprocal_rank", "needs learners, and k at least 0")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "ReciprocalRankScorer":
        """Fit the parts."""
        return ReciprocalRankScorer(scorers=fitted(self.learners, data, rng=rng), k=self.k)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReciprocalRankScorer(DenseScorer):
    """Fitted `scorers` by name. Items that a model scores alike share the mean of their ranks."""

    scorers: Mapping[str, Scorer]
    k: float

    def __post_init__(self) -> None:
        shared_size(self.scorers, "reciprocal_rank")

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return next(iter(self.scorers.values())).n_items

    def score(self, histories: Histories) -> Floats:
        """Return the sum of the reciprocal ranks, (n, n_items)."""
        terms = [1.0 / (self.k + ranks(scorer.score(histories))) for scorer in self.scorers.values()]
        return np.asarray(np.sum(terms, axis=0), np.float32)

    def because(self, histories: Histories, items: Ints, k: int) -> TopK:
        """Return the `k` items of each history that raised the score of its item in `items` (n,) most.

        The reciprocal rank that a model gives is shared among the items of the history by what they added.
        """
        place = items[:, None]
        gave = [
            (scorer, np.maximum(pick(1 / (self.k + ranks(scorer.score(histories))), place).ravel(), 0.0))
            for scorer in self.scorers.values()
        ]
        return shared(gave, histories, items, k)


def ranks(scores: Floats) -> Floats:
    """Return the rank of each of `scores` (n, n_items) in its row, 1 for the highest."""
    rounded = standardised(scores).round(_DECIMALS)
    order = np.argsort(-rounded, axis=1)
    ordered = np.take_along_axis(rounded, order, axis=1)
    differs = np.ones(scores.shape, np.bool_)
    differs[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    starts = np.flatnonzero(differs)
    ends = np.append(starts[1:], scores.size)
    # The places of a run of equal scores, counted through all rows, and then in its own.
    middles = ((starts + ends - 1) / 2)[np.cumsum(differs) - 1].reshape(scores.shape)
    middles -= np.arange(len(scores))[:, None] * scores.shape[1] - 1
    found = np.empty(scores.shape, np.float32)
    np.put_along_axis(found, order, middles.astype(np.float32), axis=1)
    return found
