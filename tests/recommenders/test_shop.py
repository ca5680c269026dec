"""The recipe, the prior and what is published, on orders with a planted structure."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from equipoise.artifact import load_artifact, save_artifact
from equipoise.data.catalogue import Catalogue
from equipoise.data.content import TextEncoder
from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.models import EASE, ItemKNN, Learner, Popularity
from equipoise.policies import LinBoltzmann
from equipoise.random import derive
from equipoise.recommenders import Recommender, Request
from equipoise.recommenders.prior import fit_prior
from equipoise.recommenders.published import Published
from equipoise.recommenders.recipes.shop import shop

ITEMS, GROUP = 60, 10
GROUPS = ITEMS // GROUP


@pytest.fixture(scope="module")
def orders() -> Interactions:
    """Each of 300 users buys seven items of one group of ten."""
    rng = derive(7, "orders")
    users = np.repeat(np.arange(300), 7)
    picks = np.stack([rng.permutation(GROUP)[:7] for _ in range(300)])
    items = (picks + GROUP * (np.arange(300) % GROUPS)[:, None]).ravel()
    ones = np.ones(len(users))
    times = np.tile(np.arange(7), 300)
    return Interactions(
        users=users, items=items, times=times, weights=ones, values=ones, n_users=300, n_items=ITEMS
    )


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    words = sparse.csr_matrix(np.repeat(np.eye(GROUPS), GROUP, axis=0))
    return Catalogue(
        prices=np.full(ITEMS, 2.0),
        arrived=np.zeros(ITEMS, np.int64),
        available=np.ones(ITEMS, np.bool_),
        content=words,
    )


@pytest.fixture(scope="module")
def recommender(orders: Interactions) -> Recommender:
    learners: dict[str, Learner] = {
        "popularity": Popularity(),
        "item_knn": ItemKNN(shrinkage=1.0),
        "ease": EASE(reg=10.0),
    }
    scorers = {name: learner.fit(orders, rng=derive(7, name)) for name, learner in learners.items()}
    weights = {"popularity": 0.1, "item_knn": 0.4, "ease": 0.5}
    built = shop(scorers, weights, orders, LinBoltzmann().start(12))
    return replace(built, policy=LinBoltzmann().start(len(built.features)))


def later(orders: Interactions) -> tuple[Histories, Histories]:
    """Return the first four purchases of each user, and the last three."""
    bought = orders.items.reshape(300, 7)
    return Histories.of(list(bought[:, :4])), Histories.of(list(bought[:, 4:]))


def test_the_blend_finds_the_group(recommender: Recommender, catalogue: Catalogue) -> None:
    options = recommender.options([Request(history=np.array([0, 1, 2]), now=9)], catalogue).options
    best = options.items[0, np.argsort(-options.scores[0])[:7]]
    assert set(best.tolist()) == set(range(3, 10))


def test_the_prior_speaks_for_what_is_bought_and_earns_what_is_typical(
    recommender: Recommender, orders: Interactions, catalogue: Catalogue
) -> None:
    histories, targets = later(orders)
    prior = fit_prior(recommender, catalogue, histories, targets, now=9, typical=0.05)
    assert (prior[recommender.features.supporting] >= 0).all()
    options = recommender.options([Request(history=np.array([0, 1, 2]), now=9)], catalogue).options
    worth = options.features[0] @ prior
    group = options.items[0] < GROUP
    assert worth[group].min() > worth[~group].max()
    assert np.sort(worth)[-10:].mean() == pytest.approx(0.05, rel=0.3)


def test_the_prior_has_something_to_say_of_new_arrivals(
    recommender: Recommender, orders: Interactions, catalogue: Catalogue
) -> None:
    histories, targets = later(orders)
    prior = fit_prior(recommender, catalogue, histories, targets, now=9)
    arrived = replace(catalogue, arrived=np.where(np.arange(ITEMS) % GROUP == 5, 50, 0))
    view = recommender.views([Request(history=np.array([0, 1, 2]), now=99)], arrived)[0]
    alike, unlike = recommender.features.of(view, np.array([5, 25])) @ prior
    assert alike > 2 * unlike


def test_a_published_recommender_survives_the_disk(
    recommender: Recommender, catalogue: Catalogue, tmp_path: Path
) -> None:
    published = Published(
        recommender=recommender,
        vocabulary=tuple(str(code) for code in range(ITEMS)),
        encoder=TextEncoder.fit(["red mug", "red cup"]),
        trained_until=recommender.trained_until,
        currency="GBP",
    )
    save_artifact(published, tmp_path / "shop")
    loaded = load_artifact(Published, tmp_path / "shop")
    request = Request(history=np.array([11, 14]), now=9)
    before = recommender.recommend(request, catalogue, 5, rng=derive(7, "ask"))
    after = loaded.recommender.recommend(request, catalogue, 5, rng=derive(7, "ask"))
    assert after.items.tolist() == before.items.tolist()
    assert after.propensities.tolist() == before.propensities.tolist()
    assert loaded.vocabulary == published.vocabulary
    assert loaded.recommender.features_version == recommender.features_version
