"""A bank of state-space models that differ in how fast taste moves, how much items differ, and in shape.

Each model is a Bayesian regression on features and one term an item, whose weights and terms move at
the model's own rate (West and Harrison, 1997); some also see the squares of features, for a taste that
likes a middle best. The models' predictions are averaged in proportion to how likely each made what was
seen lately (dynamic model averaging: Raftery et al., 2010). So how much to forget, how far an item may lie
from what its features say, and whether a straight line is enough, is learnt, and no setting.

How fast taste moves may change from one week to the next, so the evidence for a rate soon fades. How items
differ is the shop's nature, and only impressions of what is little known tell of it, few among many of
what is known best: the evidence for a kind of model, those with the same mix, is kept longer.

How far items lie is a mixture by some of the models: most near, a few very far. Of an item that nobody was
shown these say that it may be one of the few, however alike all others are.
"""

from dataclasses import dataclass, replace
from itertools import product
from typing import TypeAlias

import numpy as np

from equipoise.policies.bank.kernels import Models, Rows, Terms, learn, log_sums, passed, recall, witnessed
from equipoise.policies.bank.pending import Pending, keys_of
from equipoise.types import Bools, Floats, Ints

RATES = (0.0, 1e-5, 1e-4, 1e-3)
"""By how much of its prior variance a weight moves, an observation."""
Mix: TypeAlias = tuple[tuple[float, float], ...]
"""Shares of items, and the variance of the terms of each share."""
MIXES: tuple[Mix, ...] = (
    ((1.0, 0.01),),
    ((1.0, 0.1),),
    ((1.0, 1.0),),
    ((0.4, 0.01), (0.3, 0.1), (0.2, 1.0), (0.1, 4.0)),
)
"""How far items may lie from what their features say; the last has a heavy tail."""
BENT_RATES = (0.0, 1e-4)
BENT_MIXES: tuple[Mix, ...] = (((1.0, 0.05),),)
"""The rates and mixes of models that see squares."""
BENT_KIND = 1
"""They count among those of `MIXES` next to theirs: whether a line is enough depends on what is shown."""
BENT_VARIANCE = 0.1
"""How far the weights of squares may lie from 0."""
BENT_UP_TO = 3.0
"""Features are squared up to this many times their usual size: what is rare and huge bends nothing."""
NEGLIGIBLE = 0.01
"""Models less likely than this are left out of predictions."""
MEMORY = 0.999
"""What is kept of the evidence for a model within its kind, an observation."""
KIND_MEMORY = 0.9999
"""What is kept of the evidence for a kind of models."""
_TINY = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilities:
    """What the j models in question believe of n utilities: `means`, `variances`, and of their item terms.

    Every array is (p, n), a row for each part of the mix of each model, but `chances` (j,), how likely each
    model is the right one, and `spreads` (p,), the variances of item terms before any observation. The parts
    of model j are those from `starts` (j + 1,) on; `likely` (p, n) is how likely each is, given the model.
    """

    chances: Floats
    starts: Ints
    spreads: Floats
    likely: Floats
    means: Floats
    variances: Floats
    own_means: Floats
    own_variances: Floats

    def mean(self, of: Floats) -> Floats:
        """Return the mean `of` what each part says (p, n), over parts and models, (n,)."""
        parts = np.repeat(self.chances, np.diff(self.starts))
        return np.asarray(parts @ (self.likely * of))

    @property
    def unheard(self) -> Floats:
        """What would be unknown of each utility if nothing but its own item had told of it, (p, n) variances.

        Whatever is shown tells of the weights, but only along its features: while one item holds a place, no
        news comes of what sets the others apart. So all that is unknown of the weights counts, against what
        impressions of the item have told of its term.
        """
        told = np.maximum(1.0 / np.maximum(self.own_variances, _TINY) - 1.0 / self.spreads[:, None], 0.0)
        before = self.variances - self.own_variances + self.spreads[:, None]
        return np.asarray(1.0 / (1.0 / before + told))


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSpace:
    """j models over d features and i items, which see w columns: see `design`.

    `rates` (j,); `begins` (j,) is the first column that a model sees, `walk` (j, w) its prior variances;
    `weights` (j, w), `covariances` (j, w, w). `evidence` (j,) is that for models among those of their kind,
    one of `kinds` (j,), `kind_evidence` (k,) that for kinds. The parts of the mix of model j are those from
    `starts` (j + 1,) on: their `spreads`, `shares` (p,), and what they say of items: `item_means`,
    `item_variances` and `item_evidence` (i, p), as they were at the observation `last` (i,). `clock` counts
    observations, `pending` are those that may still succeed.
    """

    rates: Floats
    begins: Ints
    walk: Floats
    weights: Floats
    covariances: Floats
    evidence: Floats
    kinds: Ints
    kind_evidence: Floats
    starts: Ints
    spreads: Floats
    shares: Floats
    item_means: Floats
    item_variances: Floats
    item_evidence: Floats
    last: Ints
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
        mixes: tuple[Mix, ...] = MIXES,
        bent: bool = False,
    ) -> "StateSpace":
        """Return the models before any observation: weights are N(0, `weight_variance`).

        If `bent`, there are models that see squares too.
        """
        curves = list(product(BENT_RATES, BENT_MIXES)) if bent else []
        grid, squares = [*product(rates, mixes), *curves], n_features * bent
        begins = np.repeat([squares, 0], [len(grid) - len(curves), len(curves)])
        bent_kind = min(BENT_KIND, len(mixes) - 1)
        kinds = np.array([mixes.index(mix) if mix in mixes else bent_kind for _, mix in grid])
        parts = np.array([part for _, mix in grid for part in mix])
        walk = np.full((len(grid), squares + n_features + 1), weight_variance)
        walk[:, :squares] = BENT_VARIANCE
        walk[:, -1] = constant_variance
        weights = np.zeros_like(walk)
        weights[:, -1] = constant
        return cls(
            rates=np.array([rate for rate, _ in grid]),
            begins=begins,
            walk=walk,
            weights=weights,
            covariances=walk[:, :, None] * np.eye(walk.shape[1]),
            evidence=np.zeros(len(grid)),
            kinds=kinds,
            kind_evidence=np.zeros(kinds.max() + 1),
            starts=np.cumsum([0, *(len(mix) for _, mix in grid)]),
            spreads=parts[:, 1].copy(),
            shares=parts[:, 0].copy(),
            item_means=np.zeros((0, len(parts))),
            item_variances=np.zeros((0, len(parts))),
            item_evidence=np.zeros((0, len(parts))),
            last=np.zeros(0, np.int64),
            pending=Pending.none(len(grid)),
        )

    @property
    def chances(self) -> Floats:
        """How likely each model is the right one, (j,); 0 where that is negligible."""
        logs = self.evidence + (self.kind_evidence - self._of_kinds(self.evidence))[self.kinds]
        likelihoods = np.exp(logs - logs.max())
        likelihoods[likelihoods < NEGLIGIBLE * likelihoods.sum()] = 0.0
        return np.asarray(likelihoods / likelihoods.sum())

    def learn(
        self, features: Floats, items: Ints, outcomes: Floats, looked: Floats, first: Bools, *, noise: float
    ) -> "StateSpace":
        """Return the models after rows (n,), in order; see `kernels.learn`."""
        grown, items = self._grown(int(items.max(initial=-1)) + 1), items.astype(np.int64)
        steps, (heard, odds) = np.empty(len(items)), np.zeros((2, len(items), len(self.rates)))
        clock = passed(items, first, grown.last, self.clock, steps)
        seen = design(features, self.walk.shape[1])
        rows = Rows(seen, items, outcomes, looked, first, steps)
        learn(grown._regressions, grown._mixtures, rows, MEMORY, noise, heard, odds)
        witnessed(grown.evidence, self.kinds, grown.kind_evidence, MEMORY, KIND_MEMORY, heard, first)
        learnt = replace(grown, clock=clock)
        return learnt if noise > 0.0 else learnt._settled(keys_of(items, features), outcomes, first, odds)

    def _settled(self, keys: Ints, outcomes: Floats, first: Bools, odds: Floats) -> "StateSpace":
        """Hold late successes against what was said when they were shown, and keep what is said now."""
        open_, late = first & (outcomes == 0.0), ~first & (outcomes > 0.0)
        pending = self.pending.with_more(keys[open_], odds[open_])
        if not late.any():
            return replace(self, pending=pending)
        pending, owed = pending.settled(keys[late])
        evidence = self.evidence + owed
        more = self._of_kinds(evidence) - self._of_kinds(self.evidence)
        return replace(self, pending=pending, evidence=evidence, kind_evidence=self.kind_evidence + more)

    def _of_kinds(self, evidence: Floats) -> Floats:
        return log_sums(evidence, self.kinds, len(self.kind_evidence))

    def predict(self, features: Floats, items: Ints) -> Utilities:
        """Return the utilities of n `items` with `features` (n, d); -1 and unseen items have the prior."""
        chances, all_sizes = self.chances, np.diff(self.starts)
        kept = np.flatnonzero(chances)
        begin, sizes = int(self.begins[kept].min()), all_sizes[kept]
        seen = design(features, self.walk.shape[1] - begin)
        likely, own_means, own_variances = self._terms(kept, items, int(sizes.sum()))
        variances = [self._variances(int(model), seen[:, self.begins[model] - begin :]) for model in kept]
        return Utilities(
            chances=chances[kept],
            starts=np.append(0, np.cumsum(sizes)),
            spreads=self.spreads[np.repeat(chances > 0.0, all_sizes)],
            likely=likely,
            means=np.repeat(self.weights[kept, begin:] @ seen.T, sizes, axis=0) + own_means,
            variances=np.repeat(np.array(variances), sizes, axis=0) + own_variances,
            own_means=own_means,
            own_variances=own_variances,
        )

    def _variances(self, model: int, seen: Floats) -> Floats:
        """Return the variances by `model` of what is `seen` by it, (n, its columns)."""
        begin = self.begins[model]
        projected = seen @ self.covariances[model, begin:, begin:]
        return np.asarray(np.einsum("nd,nd->n", projected, seen))

    def _terms(self, kept: Ints, items: Ints, parts: int) -> tuple[Floats, Floats, Floats]:
        """Return how likely each part is, and the moments of its terms now, by the models `kept`, (p, n)."""
        likely, means, variances = np.empty((3, parts, len(items)))
        recall(
            kept,
            self.rates,
            self._mixtures,
            self.last,
            self.clock,
            items.astype(np.int64),
            likely,
            means,
            variances,
        )
        return likely, means, variances

    @property
    def _regressions(self) -> Models:
        """What the kernels read of the models; of a copy also write."""
        return Models(self.rates, self.begins, self.walk, self.weights, self.covariances)

    @property
    def _mixtures(self) -> Terms:
        """What the kernels read of the items' terms; of a copy also write."""
        return Terms(
            self.starts, self.spreads, self.shares, self.item_means, self.item_variances, self.item_evidence
        )

    def _grown(self, n_items: int) -> "StateSpace":
        """Return a copy that the kernels may write to, with room for `n_items` items."""
        missing = max(0, n_items - len(self.last))
        fresh = np.repeat(self.spreads[None], missing, axis=0)
        return replace(
            self,
            weights=self.weights.copy(),
            covariances=self.covariances.copy(),
            evidence=self.evidence.copy(),
            kind_evidence=self.kind_evidence.copy(),
            item_means=np.vstack([self.item_means, np.zeros_like(fresh)]),
            item_variances=np.vstack([self.item_variances, fresh]),
            item_evidence=np.vstack([self.item_evidence, np.zeros_like(fresh)]),
            last=np.append(self.last, np.full(missing, self.clock)),
        )


def design(features: Floats, width: int) -> Floats:
    """Return the last `width` columns of squares of `features` (n, d), the features and ones, as float64.

    Features are in units of their usual size, so that squares less 1 are 0 in the mean. `width` is d + 1,
    or 2 d + 1 with the squares.
    """
    n, d = features.shape
    table = np.empty((n, width))
    table[:, -1] = 1.0
    table[:, width - 1 - d : -1] = features
    if width > d + 1:
        near = np.clip(features, -BENT_UP_TO, BENT_UP_TO)
        np.subtract(near * near, 1.0, out=table[:, :d])
    return table
