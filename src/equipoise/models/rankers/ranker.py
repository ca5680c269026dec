"""The two protocols of every ranker: a learner is hyperparameters, a ranker is what it fitted.

They stand beside `models.learner`, whose models score items for a history; a ranker is asked about rows.
"""

from typing import Protocol, runtime_checkable

import numpy as np

from equipoise.data.impressions.rows import RankingRows
from equipoise.data.impressions.schema import Schema
from equipoise.types import Floats


@runtime_checkable
class Ranker(Protocol):
    """A fitted model: the chance that something comes of an impression."""

    @property
    def schema(self) -> Schema:
        """The columns it was fitted on, and must be asked with."""
        ...

    def predict(self, rows: RankingRows) -> Floats:
        """Return the probability of each target of each row, (n, targets) float64, strictly within 0 and 1.

        Raises `BadInputError` where `rows` are of another schema.
        """
        ...


@runtime_checkable
class RankerLearner(Protocol):
    """Hyperparameters: a frozen, keyword-only dataclass."""

    def fit(self, rows: RankingRows, *, rng: np.random.Generator) -> Ranker:
        """Return a ranker fitted on `rows`; the same rows and generator give the same bits."""
        ...
