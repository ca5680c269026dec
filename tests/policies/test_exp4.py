from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import Exp4, Exp4Policy, Greedy, Options, Uniform
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


def lived(policy: Any, rounds: int, scores: Floats = RATES, *, size: float = 1.0) -> Any:
    """Return `policy` after so many rounds in which items are clicked with chances `RATES`."""
    rng = derive(1, "life")
    for _ in range(rounds // 20):
        options = offer(scores)
        slates = policy.decide(options, 1, rng=rng)
        rewards = size * (rng.random((20, 1)) < RATES[slates.actions])
        policy = policy.update(impressions(options, slates, rewards))
    return policy


@pytest.mark.parametrize("size", [1.0, 30.0])
def test_it_trusts_the_expert_that_earns_more(size: float) -> None:
    start = Exp4(policies=(Uniform(), Greedy())).start(1)
    assert lived(start, 1_000, size=size).shares[1] > 0.9
    assert lived(start, 1_000, scores=-RATES, size=size).shares[0] > 0.9


def test_gains_are_unbiased_estimates_of_what_each_would_have_earned() -> None:
    config = Exp4(policies=(Uniform(), Greedy()), learning_rate=0.0, half_life=1e15)
    policy = lived(config.start(1), 40_000)
    assert (policy.gains[1] - policy.gains[0]) / 40_000 == pytest.approx(0.5 - RATES.mean(), abs=0.02)


def test_a_late_reward_is_worth_what_it_was_on_time(shown: Any) -> None:
    news = replace(shown([0, 1], [1.0, 0.0]), by_expert=np.array([[0.25, 1.0], [0.25, 0.0]]))
    start = Exp4(policies=(Uniform(), Greedy()), half_life=1e15).start(1)
    silent, late = replace(news, rewards=np.zeros(2)), replace(news, impressions=np.zeros(2))
    fixed = replace(start, scale=start.scale)
    on_time = fixed.update(news).gains
    delayed = replace(fixed.update(silent), scale=start.scale).update(late).gains
    np.testing.assert_allclose(on_time, delayed)


def test_every_expert_keeps_its_share_of_the_floor() -> None:
    assert lived(Exp4(policies=(Uniform(), Greedy()), floor=0.2).start(1), 4_000).shares.min() >= 0.1


def test_without_news_of_experts_they_learn_and_their_shares_stay(shown: Any) -> None:
    start = Exp4().start(1)
    policy: Exp4Policy = start.update(shown([0, 1], [1.0, 0.0]))
    np.testing.assert_array_equal(policy.shares, start.shares)
    assert policy.means(2)[0] > policy.means(2)[1]


def test_old_gains_fade() -> None:
    policy = lived(Exp4(policies=(Uniform(), Greedy())).start(1), 2_000)
    silence = LoggedFeedback(
        items=np.zeros(1, np.int64),
        features=np.ones((1, 1)),
        positions=np.zeros(1, np.int64),
        propensities=np.ones(1),
        rewards=np.zeros(1),
        impressions=np.full(1, 1e7),
    )
    np.testing.assert_allclose(policy.update(silence).shares, 0.5)


@pytest.mark.parametrize("settings", [{"floor": 0.0}, {"learning_rate": -1.0}, {"half_life": 0.0}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="exp4: needs floor"):
        Exp4(**settings)
