"""The recommender of a shop: four sources of candidates, a blend of models, and a linear policy."""

from collections.abc import Mapping

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.models.fusion.blend import BlendScorer
from equipoise.models.learner import Scorer
from equipoise.policies.policy import Policy
from equipoise.recommenders.features import Features, standard_log
from equipoise.recommenders.recommender import Recommender
from equipoise.recommenders.sources import BestMatch, BoughtTogether, NewArrivals, Popular, Similar
from equipoise.types import Floats, Ints

NEIGHBOURS = 60


def shop(
    scorers: Mapping[str, Scorer],
    weights: Mapping[str, float],
    orders: Interactions,
    policy: Policy,
    *,
    relative: str | None = None,
    prior_mean: Floats | None = None,
) -> Recommender:
    """Wire fitted `scorers` and their blending `weights`; `orders` is what they were fitted on.

    `relative` names the scorer that says what sells together: `item_knn` where it is not given, or else
    the first. `prior_mean` (d,) is 0 where not given; `fit_prior` makes one.
    """
    judge = relative or ("item_knn" if "item_knn" in scorers else next(iter(scorers)))
    counts = np.bincount(orders.items, minlength=orders.n_items).astype(np.float64)
    features = Features(models=tuple(scorers), log_popularity=standard_log(counts))
    neighbours = _neighbours(scorers[judge])
    return Recommender(
        scorer=BlendScorer(scorers=dict(scorers), weights={name: float(weights[name]) for name in scorers}),
        sources=(
            BoughtTogether(neighbours=neighbours),
            BestMatch(),
            NewArrivals(),
            Similar(neighbours=neighbours),
            Popular(items=np.argsort(-counts, kind="stable")[:200]),
        ),
        features=features,
        policy=policy,
        trained_until=int(orders.times.max()),
        prior_mean=np.zeros(len(features)) if prior_mean is None else prior_mean,
        relative=judge,
    )


def _neighbours(scorer: Scorer) -> Ints:
    k = min(NEIGHBOURS, max(scorer.n_items - 1, 1))
    return scorer.similar(np.arange(scorer.n_items), k).items
