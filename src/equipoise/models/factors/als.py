"""Implicit ALS (Hu, Koren and Volinsky, 2008, "Collaborative Filtering for Implicit Feedback Datasets").

Regularised by frequency as in Rendle et al. (2022), "Revisiting the Performance of iALS on Item
Recommendation Benchmarks".
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy import sparse

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.factors.conjugate import step_conjugate
from equipoise.models.factors.direct import solve_exactly, step_blocks
from equipoise.models.factors.least_squares import LeastSquares, Ridge
from equipoise.models.factors.problem import Problem, diagonalise, small
from equipoise.models.factors.scorer import LinearFactorScorer
from equipoise.models.space import Between, Whole, tunable
from equipoise.progress import track
from equipoise.types import Floats

Solver: TypeAlias = Literal["conjugate", "blocks", "exact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ALS:
    """Factors x_u, y_i: what was met is near 1; everything else, which weighs little, near 0.

    Minimises sum over what was met of w (1 - x y)² + `unobserved_weight` sum over all pairs of (x y)² + the
    cost of the vectors' lengths (see `Ridge`: `reg`, `reg_exponent`). w is 1; where `power` is not 0, the
    weights of the pair added up, ** `power`, scaled to a mean of 1; and times `decay` ** age, as in
    `Histories.matrix`.

    `solver`: "conjugate", `steps` conjugate gradient steps a row; "blocks", `block_size` coordinates at a
    time (iALS++); "exact". All end at the same place; the first is the fastest on the way.
    """

    embedding_size: int = tunable(128, Whole(16, 512, log=True))
    iterations: int = tunable(10, Whole(5, 30))
    unobserved_weight: float = tunable(0.03, Between(0.001, 1.0, log=True))
    reg: float = tunable(0.002, Between(0.0001, 0.1, log=True))
    reg_exponent: float = 1.0
    power: float = 0.0
    decay: float = 1.0
    solver: Solver = "conjugate"
    steps: int = 3
    block_size: int = 16

    def __post_init__(self) -> None:
        if min(self.embedding_size, self.iterations, self.steps, self.block_size) < 1:
            raise BadInputError("als", "embedding_size, iterations, steps and block_size must be at least 1")
        if not (self.reg > 0 and self.unobserved_weight > 0):
            raise BadInputError("als", "reg and unobserved_weight must be above 0")
        if not 0 < self.decay <= 1:
            raise BadInputError("decay", f"must be above 0 and at most 1, is {self.decay}")
        if self.solver not in _SOLVERS:
            raise BadInputError("solver", f"must be one of {', '.join(_SOLVERS)}, is {self.solver!r}")

    @property
    def ridge(self) -> Ridge:
        """Return what users and items pay alike."""
        return Ridge(unobserved=self.unobserved_weight, reg=self.reg, exponent=self.reg_exponent)

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> LinearFactorScorer:
        """Solve for users and items in turn, from small random items on."""
        users = _weights(data, self.power, self.decay)
        items = users.T.tocsr()
        x: Floats = np.zeros((data.n_users, self.embedding_size), np.float32)
        y = small(rng, data.n_items, self.embedding_size)
        for _ in track(range(self.iterations), "als"):
            x, y = self._improve(x, y, users)
            y, x = self._improve(y, x, items)
        spectrum, basis = diagonalise(y)
        fold = LeastSquares(spectrum=self.unobserved_weight * spectrum, ridge=self.ridge)
        return LinearFactorScorer(items=y @ basis, fold=fold, decay=self.decay)

    def _improve(self, x: Floats, y: Floats, met: sparse.csr_matrix) -> tuple[Floats, Floats]:
        """Return `x` improved, and `y`, both in the basis in which the Gram matrix of `y` is diagonal."""
        spectrum, basis = diagonalise(y)
        x, y = x @ basis, y @ basis
        costs = self.ridge.costs(np.asarray(met.sum(axis=1)).ravel(), len(y))
        problem = Problem.of(met, y, self.unobserved_weight * spectrum, costs)
        _SOLVERS[self.solver](self, problem, x)
        return x, y


_SOLVERS: dict[str, Callable[[ALS, Problem, Floats], None]] = {
    "conjugate": lambda als, problem, x: problem.improve(x, step_conjugate, als.steps),
    "blocks": lambda als, problem, x: problem.improve(x, step_blocks, als.block_size),
    "exact": lambda als, problem, x: problem.improve(x, solve_exactly),
}


def _weights(data: Interactions, power: float, decay: float) -> sparse.csr_matrix:
    """Return how much each pair that was met weighs, (n_users, n_items)."""
    met = data.matrix(decay)
    if power == 0.0:
        return met
    pairs = sparse.csr_matrix((data.weights, (data.users, data.items)), shape=met.shape)
    pairs.data = np.maximum(pairs.data, 0.0) ** power
    pairs.data /= max(pairs.data.mean(), 1e-12) if pairs.nnz else 1.0
    return sparse.csr_matrix(met.multiply(pairs))
