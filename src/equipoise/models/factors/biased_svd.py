"""Ratings by biases, factors and time (Koren, 2009, "Collaborative Filtering with Temporal Dynamics").

With what a user rated at all as a sign of taste, as in SVD++ (Koren, 2008, "Factorization Meets the
Neighborhood").
"""

from dataclasses import dataclass

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.factors.calendar import Calendar
from equipoise.models.factors.problem import small
from equipoise.models.factors.rating_kernels import Rates, Ratings, Terms, learn_ratings
from equipoise.models.factors.rating_scorer import RatingScorer
from equipoise.models.factors.sum_of_items import SumOfItems
from equipoise.progress import report
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasedSVD:
    """Predicts a rating, the weight of an interaction, from who rates what, and when.

    Minimises the squared error by stochastic steps, a user at a time, with `reg` on vectors and `bias_reg`
    on biases; the learning rate is multiplied by `cooling` after each epoch. An item's bias may differ in
    each of `time_bins` parts of the time; a user's drifts with the days from its mean time, to the power
    `drift_exponent`, learned at `drift_rate` (0: no drift). Without `implicit` there are no vectors of what
    was rated, and all histories score alike.
    """

    embedding_size: int = 64
    epochs: int = 30
    learning_rate: float = 0.01
    cooling: float = 0.95
    reg: float = 0.04
    bias_reg: float = 0.01
    bin_reg: float = 0.1
    time_bins: int = 1
    drift_rate: float = 1e-4
    drift_exponent: float = 0.4
    implicit: bool = True

    def __post_init__(self) -> None:
        if min(self.embedding_size, self.epochs, self.time_bins) < 1:
            raise BadInputError("biased_svd", "embedding_size, epochs and time_bins must be at least 1")
        if not (self.learning_rate > 0 and 0 < self.cooling <= 1):
            raise BadInputError("biased_svd", "learning_rate must be above 0, cooling above 0 and at most 1")
        if min(self.reg, self.bias_reg, self.drift_rate, self.drift_exponent) < 0:
            raise BadInputError(
                "biased_svd", "reg, bias_reg, drift_rate and drift_exponent must be 0 or more"
            )

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> RatingScorer:
        """Learn; `rng` starts the vectors and shuffles the steps."""
        calendar = Calendar.of(data, self.time_bins, self.drift_exponent)
        mean = float(data.weights.mean()) if len(data) else 0.0
        ratings = _ratings(data, calendar, mean)
        terms = self._start(data, rng)
        for epoch in range(self.epochs):
            rates = self._rates(self.cooling**epoch)
            rows = np.argsort(rng.permutation(data.n_users)[data.users] + rng.random(len(data)))
            error = learn_ratings(terms, ratings, rows, rates, self.implicit)
            report("biased_svd", epoch + 1, self.epochs, f"error {error**0.5:.4f}")
        return _scorer(terms, calendar, data, mean)

    def _start(self, data: Interactions, rng: np.random.Generator) -> Terms:
        n, m, d = data.n_users, data.n_items, self.embedding_size
        return Terms(
            user_bias=np.zeros(n, np.float32),
            user_drift=np.zeros(n, np.float32),
            item_bias=np.zeros(m, np.float32),
            item_bins=np.zeros((m, self.time_bins), np.float32),
            users=small(rng, n, d),
            vectors=small(rng, m, d),
            rated=np.zeros((m, d), np.float32),
        )

    def _rates(self, share: float) -> Rates:
        return Rates(
            learning=share * self.learning_rate,
            drift=share * self.drift_rate,
            bias_reg=self.bias_reg,
            bin_reg=self.bin_reg,
            reg=self.reg,
        )


def _ratings(data: Interactions, calendar: Calendar, mean: float) -> Ratings:
    return Ratings(
        users=data.users.astype(np.int64),
        items=data.items.astype(np.int64),
        values=(data.weights - mean).astype(np.float32),
        bins=calendar.bins(data.times),
        changes=calendar.changes(data.users, data.times),
    )


def _scorer(terms: Terms, calendar: Calendar, data: Interactions, mean: float) -> RatingScorer:
    fold = SumOfItems(vectors=terms.rated, exponent=0.5, biased=True)
    return RatingScorer(
        items=np.column_stack((terms.vectors, terms.item_bias)),
        fold=fold,
        mean=mean,
        user_bias=terms.user_bias,
        user_drift=terms.user_drift,
        users=terms.users + _rated(fold, data),
        item_bins=terms.item_bins,
        calendar=calendar,
    )


def _rated(fold: SumOfItems, data: Interactions) -> Floats:
    return fold.queries(data.matrix(), np.empty((0, 0)))[:, :-1]
