"""A bank of state-space models that differ in how fast taste moves and how much items differ.

Each model is a Bayesian regression on features and one term an item, whose weights and terms move at
the model's own rate (West and Harrison, 1997). The models' predictions are averaged in proportion to how
likely each made what was seen lately (dynamic model averaging: Raftery et al., 2010). So how much to
forget, and how far an item may lie from what its features say, is learnt, and no setting.
"""

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from equipoise.policies.bank.kernels import learn, recall
from equipoise.policies.bank.pending import Pending, keys_of
from equipoise.types import Bools, Floats, Ints

RATES = (0.0, 1e-5, 1e-4, 1e-3)
"""By how much of its prior variance a weight moves, an observation."""
SPREADS = (0.01, 0.1, 1.0)
"""Variances of item terms."""
NEGLIGIBLE = 0.01
"""Models less likely than this are left out of predictions."""
MEMORY = 0.999
"""What is kept of the evidence for a model, an observation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilities:
    """What the j models in question believe of n utilities: `means`, `variances`, and of their item terms.

    Every array is (j, n); `chances` (j,) is how likely each model is the right one.
    """

    chances: Floats
    means: Floats
    variances: Floats
    own_means: Floats
    own_variances: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSpace:
    """j models over d features and i items; a constant is added to the features.

    `rates`, `spreads`, `evidence` (j,); `walk` (d + 1,) prior variances; `weights` (j, d + 1),
    `covariances` (j, d + 1, d + 1); `item_means`, `item_variances` (j, i), as they were at the
    observation `last` (i,). `clock` counts observations, `pending` are those that may still succeed.
    """

    rates: Floats
    spreads: Floats
    walk: Floats
    weights: Floats
    covariances: Floats
    item_means: Floats
    item_variances: Floats
    last: Ints
    evidence: Floats
    pending: Pending
    clock: int = 0

    @classmethod
    def prior(
        cls,
        n_features: int,
        *,
        constant: float,
        constant_variance: float,
        weight_variance: float = 1.0,
        rates: tuple[float, ...] = RATES,
        spreads: tuple[float, ...] = SPREADS,
    ) -> "StateSpace":
        """Return the models before any observation: weights are N(0, `weight_variance`)."""
        grid = np.array(list(product(rates, spreads)))
        walk = np.full(n_features + 1, weight_variance)
        walk[-1] = constant_variance
        weights = np.zeros((len(grid), n_features + 1))
        weights[:, -1] = constant
        return cls(
            rates=grid[:, 0].copy(),
            spreads=grid[:, 1].copy(),
            walk=walk,
            weights=weights,
            covariances=np.tile(np.diag(walk), (len(grid), 1, 1)),
            item_means=np.zeros((len(grid), 0)),
            item_variances=np.zeros((len(grid), 0)),
            last=np.zeros(0, np.int64),
            evidence=np.zeros(len(grid)),
            pending=Pending.none(len(grid)),
        )

    @property
    def chances(self) -> Floats:
        """How likely each model is the right one, (j,); 0 where that is negligible."""
        likelihoods = np.exp(self.evidence - self.evidence.max())
        likelihoods[likelihoods < NEGLIGIBLE * likelihoods.sum()] = 0.0
        return np.asarray(likelihoods / likelihoods.sum())

    def learn(
        self, features: Floats, items: Ints, outcomes: Floats, looked: Floats, first: Bools, *, noise: float
    ) -> "StateSpace":
        """Return the models after rows (n,), in order; see `kernels.learn`."""
        grown = self._grown(int(items.max(initial=-1)) + 1)
        odds = np.zeros((len(items), len(self.rates)))
        clock = learn(
            grown.rates,
            grown.spreads,
            grown.walk,
            grown.weights,
            grown.covariances,
            grown.item_means,
            grown.item_variances,
            grown.last,
            grown.evidence,
            MEMORY,
            grown.clock,
            noise,
            with_constant(features),
            items.astype(np.int64),
            outcomes,
            looked,
            first,
            odds,
        )
        learnt = replace(grown, clock=clock)
        return learnt if noise > 0.0 else learnt._settled(keys_of(items, features), outcomes, first, odds)

    def _settled(self, keys: Ints, outcomes: Floats, first: Bools, odds: Floats) -> "StateSpace":
        """Hold late successes against what was said when they were shown, and keep what is said now."""
        open_, late = first & (outcomes == 0.0), ~first & (outcomes > 0.0)
        pending = self.pending.with_more(keys[open_], odds[open_])
        if not late.any():
            return replace(self, pending=pending)
        pending, owed = pending.settled(keys[late])
        return replace(self, pending=pending, evidence=self.evidence + owed)

    def predict(self, features: Floats, items: Ints) -> Utilities:
        """Return the utilities of n `items` with `features` (n, d); -1 and unseen items have the prior."""
        kept, seen = np.flatnonzero(self.chances), with_constant(features)
        own_means, own_variances = self._terms(kept, items)
        variances = [np.einsum("nd,nd->n", seen @ self.covariances[model], seen) for model in kept]
        return Utilities(
            chances=self.chances[kept],
            means=self.weights[kept] @ seen.T + own_means,
            variances=np.array(variances).reshape(own_variances.shape) + own_variances,
            own_means=own_means,
            own_variances=own_variances,
        )

    def _terms(self, kept: Ints, items: Ints) -> tuple[Floats, Floats]:
        """Return means and variances now of the terms of `items` (n,) by the models `kept`, (kept, n)."""
        means, variances = np.empty((len(kept), len(items))), np.empty((len(kept), len(items)))
        recall(
            kept,
            self.rates,
            self.spreads,
            self.item_means,
            self.item_variances,
            self.last,
            self.clock,
            items.astype(np.int64),
            means,
            variances,
        )
        return means, variances

    def _grown(self, n_items: int) -> "StateSpace":
        """Return a copy that the kernels may write to, with room for `n_items` items."""
        missing = max(0, n_items - len(self.last))
        fresh = np.repeat(self.spreads[:, None], missing, axis=1)
        return replace(
            self,
            weights=self.weights.copy(),
            covariances=self.covariances.copy(),
            item_means=np.hstack([self.item_means, np.zeros_like(fresh)]),
            item_variances=np.hstack([self.item_variances, fresh]),
            last=np.append(self.last, np.full(missing, self.clock)),
            evidence=self.evidence.copy(),
        )


def with_constant(features: Floats) -> Floats:
    """Return `features` (n, d) with a last column of ones, as float64."""
    table = np.empty((len(features), features.shape[1] + 1))
    table[:, :-1] = features
    table[:, -1] = 1.0
    return table
