"""Bayesian personalised ranking of factors (Rendle et al., 2009, "BPR: Bayesian Personalized Ranking")."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.factors.bpr_kernels import fold_pairs, learn_pairs
from equipoise.models.factors.problem import small
from equipoise.models.factors.scorer import FactorScorer
from equipoise.models.space import Between, Whole, tunable
from equipoise.progress import report
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class BPR:
    """Learns that what a user met comes before what the user did not meet.

    Each step takes a random row and a random other item j, and climbs log σ(s_i - s_j) - `reg` / 2 times the
    squares of what it touches, s = x y + b. An epoch has as many steps as there are rows; the learning
    rate falls to 0 in a straight line. A history is folded in by `fold_rounds` rounds of the same steps, with
    the items held still.
    """

    embedding_size: int = tunable(64, Whole(16, 512, log=True))
    epochs: int = tunable(60, Whole(10, 200))
    learning_rate: float = tunable(0.1, Between(0.01, 0.5, log=True))
    reg: float = tunable(0.003, Between(0.0001, 0.1, log=True))
    fold_rounds: int = 30

    def __post_init__(self) -> None:
        if min(self.embedding_size, self.epochs, self.fold_rounds) < 1:
            raise BadInputError("bpr", "embedding_size, epochs and fold_rounds must be at least 1")
        if not (self.learning_rate > 0 and self.reg >= 0):
            raise BadInputError("bpr", "learning_rate must be above 0 and reg at least 0")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> FactorScorer:
        """Learn; the steps are drawn from `rng`."""
        _, y = self.learn(data, rng)
        fold = PairSteps(rounds=self.fold_rounds, rate=self.learning_rate, reg=self.reg)
        return FactorScorer(items=y, fold=fold)

    def learn(self, data: Interactions, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Return the vectors of users (n_users, d), and of items with what each adds, (n_items, d + 1)."""
        x = small(rng, data.n_users, self.embedding_size)
        y = np.pad(small(rng, data.n_items, self.embedding_size), ((0, 0), (0, 1)))
        met = data.matrix()
        met.sort_indices()
        starts, items = met.indptr.astype(np.int64), met.indices.astype(np.int64)
        users = np.repeat(np.arange(data.n_users), np.diff(starts))
        state = rng.integers(1, 2**63, 1, dtype=np.uint64)
        for epoch in range(self.epochs):
            rate = self.learning_rate * (1.0 - epoch / self.epochs)
            doubt = learn_pairs(x, y, starts, items, users, state, rate, self.reg)
            report("bpr", epoch + 1, self.epochs, f"doubt {doubt:.4f}")
        return x, y


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSteps:
    """Folds a history in by the steps that learned the users, from zero and always in the same order."""

    rounds: int
    rate: float
    reg: float
    seed: int = 20090618

    def queries(self, met: sparse.csr_matrix, items: Floats) -> Floats:
        """Return what the steps come to for each row of `met` (n, n_items), (n, d + 1), and a last 1."""
        met.sort_indices()
        x = np.zeros((met.shape[0], items.shape[1] - 1), np.float32)
        starts, codes = met.indptr.astype(np.int64), met.indices.astype(np.int64)
        fold_pairs(x, items, starts, codes, self.seed, self.rounds, self.rate, self.reg)
        return np.pad(x, ((0, 0), (0, 1)), constant_values=1.0)
