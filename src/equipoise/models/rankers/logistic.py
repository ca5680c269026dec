"""Logistic regression on quantiles, gaps and one column a category, with a ridge penalty, by L-BFGS."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from equipoise.data.impressions.rows import RankingRows
from equipoise.data.impressions.schema import Schema
from equipoise.errors import BadInputError
from equipoise.models.rankers.inputs import Inputs
from equipoise.models.rankers.probabilities import inside, prior_logits, sigmoid
from equipoise.models.space import Between, Whole, tunable
from equipoise.progress import report
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LogisticRanker:
    """`weights` (inputs + categories, targets) and `bias` (targets,)."""

    inputs: Inputs
    weights: Floats
    bias: Floats

    @property
    def schema(self) -> Schema:
        """The columns it was fitted on."""
        return self.inputs.schema

    def predict(self, rows: RankingRows) -> Floats:
        """Return the probability of each target of each row, (n, targets)."""
        self.schema.check_same(rows.schema)
        return inside(sigmoid(design(self.inputs, rows) @ self.weights + self.bias))


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """Each target by itself; `reg` is the ridge penalty on the weights, for the sum over rows of the
    log-loss.
    """

    reg: float = tunable(30.0, Between(0.1, 1000.0, log=True))
    min_rows: int = tunable(10, Whole(1, 100, log=True))
    iterations: int = 200

    def __post_init__(self) -> None:
        if not self.reg > 0 or min(self.min_rows, self.iterations) < 1:
            raise BadInputError("logistic", "reg must be above 0, min_rows and iterations at least 1")

    def fit(self, rows: RankingRows, *, rng: np.random.Generator) -> LogisticRanker:
        """Find the one minimum; nothing is drawn from `rng`."""
        inputs = Inputs.fit(rows, min_rows=self.min_rows)
        x, prior = design(inputs, rows), prior_logits(rows.targets)
        found = []
        for at, start in enumerate(prior):
            found.append(self._one(x, rows.targets[:, at].astype(np.float64), float(start)))
            report("logistic", at + 1, len(prior))
        weights, bias = (np.array(part) for part in zip(*found, strict=True))
        return LogisticRanker(inputs=inputs, weights=weights.T.copy(), bias=bias)

    def _one(self, x: sparse.csr_matrix, y: Floats, start: float) -> tuple[Floats, float]:
        def loss(beta: Floats) -> tuple[float, Floats]:
            logits = x @ beta[1:] + beta[0]
            value = np.logaddexp(0, logits).sum() - y @ logits + 0.5 * self.reg * beta[1:] @ beta[1:]
            wrong = sigmoid(logits) - y
            return float(value), np.concatenate(([wrong.sum()], x.T @ wrong + self.reg * beta[1:]))

        first = np.concatenate(([start], np.zeros(x.shape[1])))
        if len(y) == 0:
            return first[1:], start
        beta = minimize(loss, first, jac=True, method="L-BFGS-B", options={"maxiter": self.iterations}).x
        return beta[1:], float(beta[0])


def design(inputs: Inputs, rows: RankingRows) -> sparse.csr_matrix:
    """Return the numeric inputs and one column of 0 and 1 a category, (n, inputs + categories)."""
    seen = inputs.encode(rows)
    n, c = seen.codes.shape
    ones = (np.ones(n * c), seen.codes.ravel(), np.arange(n + 1) * c)
    hot = sparse.csr_matrix(ones, shape=(n, inputs.n_places))
    return sparse.hstack([sparse.csr_matrix(seen.numeric.astype(np.float64)), hot], format="csr")
