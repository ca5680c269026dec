"""The mean of each target, for every row alike: what a ranker must beat."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.impressions.rows import RankingRows
from equipoise.data.impressions.schema import Schema
from equipoise.models.rankers.probabilities import inside, prior_logits, sigmoid
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstantRanker:
    """`rates` (targets,)."""

    schema: Schema
    rates: Floats

    def predict(self, rows: RankingRows) -> Floats:
        """Return the rates for each row, (n, targets)."""
        self.schema.check_same(rows.schema)
        return inside(np.tile(self.rates, (len(rows), 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanRate:
    """No hyperparameters."""

    def fit(self, rows: RankingRows, *, rng: np.random.Generator) -> ConstantRanker:
        """Return the means of `rows`."""
        return ConstantRanker(schema=rows.schema, rates=sigmoid(prior_logits(rows.targets)))
