"""What shoppers over sessions do is what the rules say."""

from dataclasses import replace

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies.lin_greedy import LinGreedy
from equipoise.random import derive
from equipoise.simulation.protocol import Environment
from equipoise.simulation.runner import run
from equipoise.simulation.sessions.crowd import Crowd, CrowdEnvironment
from equipoise.simulation.sessions.rules import SessionRules
from equipoise.simulation.sessions.shop import SessionShop
from equipoise.types import Ints

RULES = SessionRules()


def crowd(shop: SessionShop, n: int, rules: SessionRules = RULES, seed: int = 3) -> Crowd:
    keen = replace(shop, appeals=shop.appeals + np.float32(2.0))
    return Crowd(shop=keen, rules=rules, rng=derive(seed, "crowd"), n=n, m=10, k=3)


def first(n: int) -> Ints:
    return np.tile([0, 1, 2], (n, 1))


def test_clicks_follow_the_choice_model_with_its_position_bias(shop: SessionShop) -> None:
    n = 40_000
    many = crowd(shop, n)
    odds = many.rules.looked ** np.arange(3) * np.exp(many.options().features[:, :3, 0])
    expected = (odds / (1.0 + odds.sum(axis=1, keepdims=True))).mean(axis=0)
    clicked = many.step(first(n)).clicked
    shares = np.bincount(clicked + 1, minlength=4)[1:] / n
    assert shares == pytest.approx(expected, abs=0.01)


def test_a_place_shown_twice_counts_once_and_nothing_earns_nothing(shop: SessionShop) -> None:
    many = crowd(shop, 5_000)
    outcome = many.step(np.tile([4, 4, -1], (5_000, 1)))
    assert set(np.unique(outcome.clicked)) == {-1, 0}
    assert (outcome.rewards[:, 1:] == 0.0).all()


def test_a_click_satiates_with_its_cluster_and_moves_mood_by_its_joy(shop: SessionShop) -> None:
    rules = SessionRules(leaves=0.0, bored=0.0)
    many = crowd(shop, 2_000, rules)
    shown = many.options().items[:, :3]
    outcome = many.step(first(2_000))
    hit = np.flatnonzero(outcome.clicked >= 0)
    items = shown[hit, outcome.clicked[hit]]
    assert (many.sated[hit, shop.labels[items]] == rules.satiates).all()
    times = np.where(outcome.bought[hit] > 0, 3.0, 1.0)
    assert many.mood[hit] == pytest.approx(rules.delights * shop.joys[items] * times)
    assert (many.recent[hit, 0] == items).all()
    assert not many.mood[outcome.clicked < 0].any()


def test_shoppers_who_are_glad_come_again_more_often(shop: SessionShop) -> None:
    def visits(mood: float) -> float:
        many = crowd(shop, 2_000, SessionRules(leaves=1.0, bored=1.0, remembers=1.0))
        many.mood[:] = mood
        many.step(np.full((2_000, 3), -1))
        return float(many.day.mean())

    assert visits(2.0) < visits(-2.0)


def test_the_last_day_brings_someone_else(shop: SessionShop) -> None:
    many = crowd(shop, 500, SessionRules(days=1, leaves=1.0, bored=1.0))
    outcome = many.step(first(500))
    assert outcome.done.all()
    assert not many.sated.any()
    assert (many.recent == -1).all()


def test_candidates_differ_and_half_are_liked(shop: SessionShop) -> None:
    many = crowd(shop, 300)
    assert all(len(set(row)) == 10 for row in many.candidates.tolist())
    liked = [set(shop.order[who][:20]) for who in many.who]
    assert all(len(own & set(row)) == 5 for own, row in zip(liked, many.candidates.tolist(), strict=True))


def test_policies_of_this_project_live_in_it(shop: SessionShop) -> None:
    environment = CrowdEnvironment(crowd(shop, 50))
    assert isinstance(environment, Environment)
    policy = LinGreedy().start(environment.crowd.n_features)
    trace = run(environment, policy, rounds=500, batch=50, k=3, rng=derive(1))
    assert trace.rounds.sum() == 500
    assert trace.reward.sum() > 0


def test_the_same_seed_gives_the_same_bits(shop: SessionShop) -> None:
    one, again = (crowd(shop, 9).step(first(9)).rewards for _ in range(2))
    assert np.array_equal(one, again)


def test_what_cannot_be_is_refused(shop: SessionShop) -> None:
    with pytest.raises(BadInputError, match="slates of 11"):
        Crowd(shop=shop, rules=RULES, rng=derive(1), n=2, m=10, k=11)
    with pytest.raises(BadInputError, match="places"):
        crowd(shop, 2).step(np.zeros((3, 3), np.int64))
    with pytest.raises(BadInputError, match="bored"):
        SessionRules(bored=1.5)
