"""A ranker whose probabilities are what happens: a curve fitted on newer rows than the ranker's own.

The curve is fitted on the newest share, with a ranker fitted on the rows before it; the ranker that is kept
is fitted on all rows.
"""

from dataclasses import dataclass, field

import numpy as np

from equipoise.data.impressions.rows import RankingRows
from equipoise.data.impressions.schema import Schema
from equipoise.data.impressions.split import before_and_after
from equipoise.errors import BadInputError
from equipoise.models.rankers.calibration import METHODS, Isotonic, Platt, curve
from equipoise.models.rankers.logistic import Logistic
from equipoise.models.rankers.ranker import Ranker, RankerLearner
from equipoise.models.space import OneOf, tunable
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibratedRanker:
    """`ranker`, and one curve a target."""

    ranker: Ranker
    curves: tuple[Isotonic | Platt, ...]

    @property
    def schema(self) -> Schema:
        """The columns it was fitted on."""
        return self.ranker.schema

    def predict(self, rows: RankingRows) -> Floats:
        """Return the calibrated probability of each target of each row, (n, targets)."""
        raw = self.ranker.predict(rows)
        return np.column_stack([one(raw[:, at]) for at, one in enumerate(self.curves)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """`learner`, calibrated by `method` on the newest `share` of the rows."""

    learner: RankerLearner = field(default_factory=Logistic)
    method: str = tunable("platt", OneOf(METHODS))
    share: float = 0.15

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise BadInputError(
                "calibrated", f"method must be one of {', '.join(METHODS)}, is {self.method!r}"
            )
        if not 0 < self.share < 1:
            raise BadInputError("calibrated", "share must lie between 0 and 1")

    def fit(self, rows: RankingRows, *, rng: np.random.Generator) -> CalibratedRanker:
        """Fit the learner twice: for the curve, and to be kept."""
        early, late = before_and_after(rows, share=self.share)
        said = self.learner.fit(early, rng=rng).predict(late)
        curves = [curve(self.method, said[:, at], late.targets[:, at]) for at in range(said.shape[1])]
        return CalibratedRanker(ranker=self.learner.fit(rows, rng=rng), curves=tuple(curves))
