"""What sells most: the baseline of every recommender, and the answer to an empty history."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.dense import DenseScorer
from equipoise.models.space import Between, tunable
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Popularity:
    """Scores an item by the logarithm of how much it was met lately.

    An interaction counts half as much after `half_life_days`; infinity counts all alike.
    """

    half_life_days: float = tunable(7.0, Between(0.5, 1000.0, log=True))

    def __post_init__(self) -> None:
        if not self.half_life_days > 0:
            raise BadInputError("half_life_days", f"must be above 0, is {self.half_life_days}")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "PopularityScorer":
        """Count; `rng` is not used."""
        counts = np.bincount(data.items, data.weights * data.recency(self.half_life_days), data.n_items)
        return PopularityScorer(scores=np.log1p(counts).astype(np.float32))


@dataclass(frozen=True, slots=True, kw_only=True)
class PopularityScorer(DenseScorer):
    """`scores` (n_items,), the same for every history."""

    scores: Floats

    @property
    def n_items(self) -> int:
        """The number of items it can score."""
        return len(self.scores)

    def score(self, histories: Histories) -> Floats:
        """Return the same scores for each history, (n, n_items)."""
        return np.tile(self.scores, (len(histories), 1))

    def score_candidates(self, histories: Histories, candidates: Ints) -> Floats:
        """Return the scores of `candidates` (n, m) without building whole rows."""
        inside = (candidates >= 0) & (candidates < self.n_items)
        found = np.concatenate((self.scores, np.full(1, -np.inf, np.float32)))
        return found[np.where(inside, candidates, self.n_items)]
