from dataclasses import replace

import numpy as np
import pytest

from equipoise.data.rewards import RewardWeights
from equipoise.errors import BadInputError
from equipoise.random import derive
from equipoise.simulation import Behaviour, Shoppers, Tastes

from .conftest import ITEMS, PEOPLE


def test_random_and_best_items_are_clicked_at_the_stated_rates(shoppers: Shoppers) -> None:
    everyone = np.arange(PEOPLE)
    on_sale = np.flatnonzero(shoppers.on_sale)
    clicks = shoppers.clicks(everyone, np.broadcast_to(on_sale, (PEOPLE, len(on_sale))))
    assert clicks.mean() == pytest.approx(0.02, rel=0.05)
    assert np.sort(clicks, axis=1)[:, -5:].mean() == pytest.approx(0.05, rel=0.05)


def test_rates_that_cannot_be_are_refused(tastes: Tastes) -> None:
    with pytest.raises(BadInputError, match="must lie between"):
        Shoppers.calibrated(tastes, np.ones(ITEMS, np.bool_), random_rate=0.3, best_rate=0.2)
    with pytest.raises(BadInputError, match="patience"):
        Behaviour(patience=1.5)


def test_expected_reward_is_the_mean_of_what_happens(shoppers: Shoppers) -> None:
    keen = replace(shoppers, intercept=shoppers.intercept + 3.0)
    slate = np.array([0, 20, 41, 3, 22, -1])
    many = np.broadcast_to(slate, (60_000, 6))
    rewards = keen.react_all(np.zeros(60_000, np.int64), many, derive(7, "many")).rewards(keen.rewards)
    expected = keen.expected(np.array([0]), slate[None, :])[0]
    assert rewards.mean(axis=0) == pytest.approx(expected, abs=0.015)
    assert expected[-1] == 0.0


def test_reading_stops_for_good_and_only_what_is_seen_is_clicked(shoppers: Shoppers) -> None:
    eager = replace(shoppers, behaviour=Behaviour(patience=0.7), intercept=0.0)
    reaction = eager.react_all(np.zeros(5000, np.int64), np.tile(np.arange(8), (5000, 1)), derive(7, "x"))
    assert (np.diff(reaction.seen.astype(int), axis=1) <= 0).all()
    assert not (reaction.clicked & ~reaction.seen).any()
    assert not (reaction.carted & ~reaction.clicked).any()
    assert not (reaction.bought & ~reaction.carted).any()
    assert ((reaction.quantities > 0) == reaction.bought).all()
    assert (reaction.carted & ~reaction.bought).any()
    ends = reaction.bought[:, :-1] & reaction.seen[:, 1:]
    assert not ends.any()


def test_no_slate_earns_more_than_the_best(shoppers: Shoppers) -> None:
    rng = derive(7, "slates")
    on_sale = np.flatnonzero(shoppers.on_sale)
    everyone = np.arange(PEOPLE)
    slates = np.stack([rng.permutation(on_sale)[:5] for _ in everyone])
    assert (shoppers.expected(everyone, slates).sum(axis=1) <= shoppers.best(everyone, 5) + 1e-12).all()


def test_arrivals_can_be_part_of_the_best_slate(shoppers: Shoppers) -> None:
    after = shoppers.with_arrivals(np.flatnonzero(~shoppers.on_sale))
    everyone = np.arange(PEOPLE)
    gain = after.best(everyone, 5) - shoppers.best(everyone, 5)
    assert (gain >= -1e-12).all()
    assert gain.max() > 0
    assert not shoppers.on_sale.all()


def test_one_shopper_is_the_first_of_many(shoppers: Shoppers) -> None:
    alone = shoppers.react(3, np.array([1, 2, 3]), derive(7, "one"))
    assert alone.seen.shape == (3,)
    assert alone.rewards(RewardWeights()).shape == (3,)
