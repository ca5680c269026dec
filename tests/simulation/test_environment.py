"""The circle in small: a recommender on the planted shop, shoppers, and policies that learn or do not."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from equipoise.data.catalogue import Catalogue
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models import EASE, ItemKNN
from equipoise.policies import LinBoltzmann, Uniform
from equipoise.policies.policy import Policy
from equipoise.random import derive
from equipoise.recommenders.recipes.shop import shop
from equipoise.simulation import Behaviour, Era, ShopEnvironment, Shoppers, Step, live

from .conftest import ITEMS, SIZE


@pytest.fixture
def environment(orders: Interactions, shoppers: Shoppers) -> ShopEnvironment:
    scorers = {
        "item_knn": ItemKNN(shrinkage=1.0).fit(orders, rng=derive(7, "knn")),
        "ease": EASE(reg=10.0).fit(orders, rng=derive(7, "ease")),
    }
    recommender = shop(scorers, {"item_knn": 0.5, "ease": 0.5}, orders, Uniform().start(1))
    words = sparse.csr_matrix(np.repeat(np.eye(3), SIZE, axis=0))
    catalogue = Catalogue(
        prices=np.ones(ITEMS), arrived=np.zeros(ITEMS, np.int64), available=shoppers.on_sale, content=words
    )
    keen = replace(shoppers, intercept=shoppers.intercept + 1.0)
    later = keen.with_arrivals(np.flatnonzero(~shoppers.on_sale))
    return ShopEnvironment(
        recommender=replace(recommender, hide_recent=4),
        eras=(
            Era(start=0, shoppers=keen, catalogue=catalogue),
            Era(start=200, shoppers=later, catalogue=replace(catalogue, available=later.on_sale)),
        ),
        histories=orders.histories(),
        seed=7,
    )


def lived(environment: ShopEnvironment, policy: Policy, slates: int) -> list[Step]:
    return list(live(replace(environment, _visits=[], served=0), policy, slates=slates, k=5))


def started(environment: ShopEnvironment) -> Policy:
    return LinBoltzmann().start(len(environment.recommender.features))


def test_a_learner_comes_to_earn_more_than_chance(environment: ShopEnvironment) -> None:
    learner = lived(environment, started(environment), 1200)
    chance = lived(environment, Uniform().start(1), 1200)
    late = slice(30, None)
    earned = [float(np.mean([step.expected for step in steps[late]])) for steps in (learner, chance)]
    assert earned[0] > 1.2 * earned[1]


def test_the_same_seed_gives_the_same_life(environment: ShopEnvironment) -> None:
    first, second = (lived(environment, started(environment), 100) for _ in range(2))
    assert all(
        (a.items == b.items).all() and (a.rewards == b.rewards).all()
        for a, b in zip(first, second, strict=True)
    )


def test_what_is_held_back_arrives_at_its_time(environment: ShopEnvironment) -> None:
    steps = lived(environment, Uniform().start(1), 600)
    held = np.flatnonzero(~environment.eras[0].shoppers.on_sale)
    shown = [bool(np.isin(step.items, held).any()) for step in steps]
    assert not any(shown[:10])
    assert any(shown[10:])


def test_new_arrivals_get_their_share_as_the_shop_serves_them(environment: ShopEnvironment) -> None:
    early, late = environment.eras
    held = np.flatnonzero(~early.shoppers.on_sale)
    arrived = late.catalogue.arrived.copy()
    arrived[held] = environment.recommender.trained_until + 1
    environment.eras = (early, replace(late, catalogue=replace(late.catalogue, arrived=arrived)))
    environment.recommender = replace(environment.recommender, newcomers=1.0)
    steps = lived(environment, started(environment), 300)
    assert all(np.isin(step.items[:, 0], held).all() for step in steps[10:])
    assert not any(np.isin(step.items, held).any() for step in steps[:10])


def test_expected_never_passes_the_best_of_the_options(environment: ShopEnvironment) -> None:
    for step in lived(environment, Uniform().start(1), 100):
        assert (step.expected <= step.best + 1e-9).all()


def test_visitors_stay_for_their_visit_and_remember_clicks(environment: ShopEnvironment) -> None:
    era = environment.eras[0]
    avid = replace(era.shoppers, intercept=20.0, behaviour=Behaviour(patience=1.0, cart_rate=0.0))
    environment.eras = (replace(era, shoppers=avid),)
    environment.visit_slates = 2
    policy = Uniform().start(1)
    seen = []
    for _ in range(3):
        options = environment.requests(4)
        seen.append([visit.shopper for visit in environment._visits])
        before = [len(visit.history) for visit in environment._visits]
        environment.react(options, policy.decide(options, 5, rng=derive(7, "p")))
        assert [len(visit.history) - n for visit, n in zip(environment._visits, before, strict=True)] == [
            5
        ] * 4
    assert seen[0] == seen[1]
    assert seen[1] != seen[2]


def test_an_environment_needs_a_beginning(environment: ShopEnvironment) -> None:
    with pytest.raises(BadInputError, match="start at 0"):
        replace(environment, eras=environment.eras[1:])
