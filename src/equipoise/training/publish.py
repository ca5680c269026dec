"""From fitted models to the recommender that is served, published under the name that serving reads."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from equipoise.balance.registry import named
from equipoise.data.prepare import Prepared
from equipoise.data.split import HeldOut
from equipoise.models.learner import Scorer
from equipoise.recommenders.prior import fit_prior
from equipoise.recommenders.published import Published
from equipoise.recommenders.recipes.shop import shop
from equipoise.store import ArtifactStore
from equipoise.training.fit import Judged
from equipoise.types import Floats

NAME = "shop"
PRIOR_USERS = 500
"""Users of the held-out weeks from whose purchases the policy's starting point is learnt, at most."""


def assembled(prepared: Prepared, judged: Judged, scorers: Mapping[str, Scorer]) -> Published:
    """Return the recommender of `scorers`, fitted on everything, with what `judged` says of them.

    The blend has the weights of `judged`, and a policy starts from what purchases in the held-out
    weeks said that each feature is worth.
    """
    recommender = shop(
        scorers,
        judged.weights,
        prepared.interactions,
        named("lin_greedy").start(0),
        prior_mean=_prior(prepared, judged),
    )
    policy = named("balanced").start(len(recommender.features), recommender.prior_mean)
    return Published(
        recommender=replace(recommender, policy=policy),
        vocabulary=prepared.vocabulary.ids,
        encoder=prepared.encoder,
        trained_until=recommender.trained_until,
        currency=prepared.currency,
    )


def publish(published: Published, judged: Judged, store: ArtifactStore) -> int:
    """Write `published` into `store` as the version to serve, with its figures; return its number."""
    about: dict[str, Any] = {
        "split": judged.split.describe(),
        "models": judged.rows(),
        "weights": judged.weights,
        "items": len(published.vocabulary),
        "trained_until": published.trained_until,
    }
    return store.publish(published, NAME, about)


def _prior(prepared: Prepared, judged: Judged) -> Floats:
    split = judged.split
    earlier = shop(judged.scorers(), judged.weights, split.train, named("lin_greedy").start(0))
    asked: HeldOut = split.unseen.first(PRIOR_USERS)
    return fit_prior(earlier, prepared.catalogue, asked.histories, asked.targets, now=split.at)
