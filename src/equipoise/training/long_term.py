"""From the decision log to long-term values: items, trajectories, and a value learner."""

from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.sparse.linalg import svds

from equipoise.data.bought_again import bought_again
from equipoise.data.interactions import DAY
from equipoise.data.prepare import WEIGHTS, Prepared, prepare
from equipoise.data.rewards import RewardWeights
from equipoise.data.trajectories import Trajectories
from equipoise.errors import BadInputError
from equipoise.events.sqlite import SQLiteLog
from equipoise.models.reinforcement.registry import named
from equipoise.models.reinforcement.value_learner import ValueLearner
from equipoise.random import derive
from equipoise.recommenders.long_term import LongTerm, Terms
from equipoise.simulation.sessions.school import teach_from
from equipoise.training.steps import experience
from equipoise.types import Floats, Ints

GROUPS = 12
DISCOUNT = 0.99
"""Of a slate: shoppers who come again see some fifty, and what pleases pays only after ten or more."""


def from_log(name: str, *, discount: float = DISCOUNT, **settings: Any) -> ValueLearner:
    """Return the value learner called `name`, set to learn from a log alone; other `settings` are its own.

    All slates count alike, and targets follow fast enough for values to reach their level in a few thousand
    updates.
    """
    return named(name, **{"discount": discount, "tracking": 0.05, "priority": 0.0, **settings})


def learnt_from(
    log: SQLiteLog,
    learner: ValueLearner,
    *,
    rewards: RewardWeights,
    updates: int = 3_000,
    patience_days: float = 30.0,
    newest: int = 50_000,
    half_life: float = 7.0,
    seed: int = 0,
) -> LongTerm:
    """Return what `learner` makes of the `newest` decisions of `log`, seen as trajectories.

    Who was shown nothing for `patience_days` before the newest decision has left for good; an event of
    `half_life` days ago counts half in what is known of a shopper. Raises `BadInputError` where the log
    shows too little, and `DivergedError` where a loss is no number any more.
    """
    if not patience_days > 0.0 or newest < 1:
        raise BadInputError("--patience-days", "must be above 0, and --newest at least 1")
    prepared = prepare(log)
    terms = terms_of(prepared, half_life=half_life, seed=seed)
    codes = prepared.vocabulary.codes
    read = Trajectories(
        encode=lambda item: codes.get(item, -1),
        rewards=rewards,
        patience=int(patience_days * DAY),
        newest=newest,
    )
    read.add(log.facts())
    steps = experience(read.found(), terms, prepared.vocabulary)
    values = teach_from(steps, learner, updates=updates, n_own=terms.n_own, rng=derive(seed, "long-term"))
    return LongTerm(
        terms=terms,
        values=values,
        vocabulary=prepared.vocabulary.ids,
        learner=type(learner).__name__,
        steps=len(steps),
        learned_until=read.until,
    )


def terms_of(prepared: Prepared, *, n_groups: int = GROUPS, half_life: float = 7.0, seed: int = 0) -> Terms:
    """Return what is known of the items of `prepared`: groups by who met them, and what is bought again."""
    met = prepared.interactions
    purchases = met.where(met.weights >= WEIGHTS["purchase"])
    again = bought_again(purchases) if len(purchases) else np.zeros(met.n_items)
    prices = np.log(np.where(prepared.catalogue.prices > 0, prepared.catalogue.prices, np.nan))
    return Terms(
        groups=_groups(prepared, min(n_groups, met.n_items), seed),
        again=_standard(again),
        prices=_standard(prices),
        n_groups=min(n_groups, met.n_items),
        half_life=half_life,
    )


def _groups(prepared: Prepared, n: int, seed: int) -> Ints:
    """Return a group for each item, by the direction of who met it (k-means on singular vectors)."""
    met = prepared.interactions.matrix()
    met.data[:] = 1.0
    rank = min(32, min(met.shape) - 1)
    if rank < 1 or n < 2:
        return np.zeros(met.shape[1], np.int64)
    rng = derive(seed, "groups")
    start = rng.standard_normal(min(met.shape))
    directions = svds(met.astype(np.float64), k=rank, v0=start)[2].T
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    with catch_warnings():
        simplefilter("ignore", UserWarning)  # Of a group that stays empty: nothing is in it, and that is all.
        labels = kmeans2(
            directions / np.maximum(lengths, 1e-12), n, minit="++", seed=rng, iter=30, check_finite=False
        )[1]
    return np.asarray(labels, np.int64)


def _standard(values: Floats) -> Floats:
    """Return `values` (n,) with mean 0 and deviation 1, 0 where they are not known."""
    known = values[np.isfinite(values)]
    if len(known) == 0:
        return np.zeros(len(values))
    scaled = (values - known.mean()) / max(float(known.std()), 1e-9)
    return np.asarray(np.clip(np.nan_to_num(scaled, nan=0.0), -4.0, 4.0))
