from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies import Corral, EpsilonGreedy, Greedy, Options, Uniform
from equipoise.policies.corral import descended
from equipoise.random import derive
from equipoise.simulation.impressions import impressions
from equipoise.types import Floats

RATES = np.array([0.5, 0.05, 0.05, 0.05])


def offer(scores: Floats, n: int = 20) -> Options:
    m = len(scores)
    return Options(
        items=np.tile(np.arange(m), (n, 1)),
        scores=np.tile(scores, (n, 1)),
        features=np.ones((n, m, 1)),
        context=np.zeros((n, 0)),
    )


def lived(policy: Any, rounds: int, scores: Floats = RATES) -> Any:
    rng = derive(1, "life")
    for _ in range(rounds // 20):
        options = offer(scores)
        slates = policy.decide(options, 1, rng=rng)
        rewards = (rng.random((20, 1)) < RATES[slates.actions]) * 1.0
        policy = policy.update(impressions(options, slates, rewards))
    return policy


def test_a_step_adds_up_to_1_and_moves_to_the_lesser_loss() -> None:
    p, rates, losses = np.array([0.2, 0.3, 0.5]), np.array([0.1, 0.2, 0.1]), np.array([5.0, -3.0, 0.0])
    stepped = descended(p, rates, losses)
    shift = (1.0 / stepped - 1.0 / p) / rates - losses
    assert stepped.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(shift, shift[0], rtol=1e-6)
    assert stepped[1] > p[1]
    assert stepped[0] < p[0]


def test_many_small_steps_are_one_large_one() -> None:
    p, rates, losses = np.array([0.2, 0.8]), np.array([0.1, 0.1]), np.array([30.0, -10.0])
    small = p
    for _ in range(10):
        small = descended(small, rates, losses / 10)
    np.testing.assert_allclose(small, descended(p, rates, losses), rtol=1e-6)


@pytest.mark.parametrize("size", [1e-9, 1e9])
def test_any_loss_leaves_a_distribution(size: float) -> None:
    p = descended(np.full(3, 1 / 3), np.full(3, 0.1), size * np.array([1.0, 0.0, -1.0]))
    assert p.sum() == pytest.approx(1.0)
    assert (p >= 0.0).all()


def test_it_trusts_the_policy_that_earns_more() -> None:
    start = Corral(policies=(Uniform(), Greedy())).start(1)
    assert lived(start, 2_000).shares[1] > 0.85
    assert lived(start, 2_000, scores=-RATES).shares[0] > 0.85


def test_rates_rise_for_those_that_are_seldom_drawn() -> None:
    policy = lived(Corral(policies=(Uniform(), Greedy()), floor=0.01).start(1), 2_000)
    assert policy.rates[0] > 0.1
    assert policy.rates[1] == 0.1
    assert policy.bounds[0] > 4.0


def test_each_policy_is_fed_as_if_it_had_chosen_alone(shown: Any) -> None:
    """The second would never have shown item 1, and the first would have half as often."""
    news = replace(
        shown([0, 1], [1.0, 1.0]),
        propensities=np.array([0.5, 0.5]),
        by_expert=np.array([[0.5, 1.0], [0.25, 0.0]]),
    )
    policy: Any = Corral(policies=(EpsilonGreedy(), EpsilonGreedy())).start(1).update(news)
    first, second = (expert.belief.counts for expert in policy.experts)
    np.testing.assert_allclose(first.exposure[:2], [1.0, 0.5])
    np.testing.assert_allclose(second.exposure[:2], [2.0, 0.0])
    np.testing.assert_allclose(first.earned[:2], [1.0, 0.5])


@pytest.mark.parametrize("settings", [{"floor": 0.0}, {"learning_rate": 0.0}, {"horizon": 1}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="corral: needs floor"):
        Corral(**settings)
