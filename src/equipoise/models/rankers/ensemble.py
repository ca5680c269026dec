"""Several rankers as one: a weighted sum of their logits, the weights from newer rows (Breiman, 1996,
"stacking").

The logit of a target is bias + Σ_m w_m logit p_m with w_m at least 0; the bias calibrates.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import minimize

from equipoise.data.impressions.rows import RankingRows
from equipoise.data.impressions.schema import Schema
from equipoise.data.impressions.split import before_and_after
from equipoise.errors import BadInputError
from equipoise.models.rankers.dcn_v2 import DCNv2
from equipoise.models.rankers.lightgbm import LightGBM
from equipoise.models.rankers.probabilities import inside, logit, sigmoid
from equipoise.models.rankers.ranker import Ranker, RankerLearner
from equipoise.types import Floats

_PULL = 10.0
"""How many rows the prior belief in equal weights that sum to 1 counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsembleRanker:
    """`rankers`, their `weights` (m, targets) and `bias` (targets,)."""

    rankers: tuple[Ranker, ...]
    weights: Floats
    bias: Floats

    @property
    def schema(self) -> Schema:
        """The columns they were fitted on."""
        return self.rankers[0].schema

    def predict(self, rows: RankingRows) -> Floats:
        """Return the probability of each target of each row, (n, targets)."""
        logits = np.stack([logit(ranker.predict(rows)) for ranker in self.rankers])
        return inside(sigmoid((logits * self.weights[:, None, :]).sum(axis=0) + self.bias))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ensemble:
    """`learners` by name, weighted on the newest `share` of the rows, then fitted on all of them."""

    learners: Mapping[str, RankerLearner] = field(
        default_factory=lambda: {"dcn_v2": DCNv2(), "lightgbm": LightGBM()}
    )
    share: float = 0.15

    def __post_init__(self) -> None:
        if not self.learners:
            raise BadInputError("ensemble", "name at least one learner, as learners=dcn_v2+lightgbm")
        if not 0 < self.share < 1:
            raise BadInputError("ensemble", "share must lie between 0 and 1")

    def fit(self, rows: RankingRows, *, rng: np.random.Generator) -> EnsembleRanker:
        """Fit each learner twice: for the weights, and to be kept."""
        early, late = before_and_after(rows, share=self.share)
        said = np.stack([logit(one.fit(early, rng=rng).predict(late)) for one in self.learners.values()])
        found = [_weights(said[:, :, at], late.targets[:, at]) for at in range(said.shape[2])]
        return EnsembleRanker(
            rankers=tuple(one.fit(rows, rng=rng) for one in self.learners.values()),
            weights=np.column_stack([weights for weights, _ in found]),
            bias=np.array([bias for _, bias in found]),
        )


def _weights(logits: Floats, outcomes: Floats) -> tuple[Floats, float]:
    """Return the weights (m,) and the bias that make `outcomes` (n,) most likely, given `logits` (m, n)."""
    m = len(logits)
    start = np.concatenate((np.full(m, 1 / m), [0.0]))

    def loss(beta: Floats) -> tuple[float, Floats]:
        z = beta[:m] @ logits + beta[m]
        off = beta - start
        wrong = sigmoid(z) - outcomes
        value = np.logaddexp(0, z).sum() - outcomes @ z + 0.5 * _PULL * off @ off
        return float(value), np.concatenate((logits @ wrong, [wrong.sum()])) + _PULL * off

    bounds = [*[(0.0, None)] * m, (None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found[:m], float(found[m])
