import numpy as np
import pytest

from equipoise.policies.reward_range import RewardRange
from equipoise.random import derive
from equipoise.types import Floats


def after(rewards: Floats) -> tuple[float, float]:
    return RewardRange().add(np.ones(len(rewards)), rewards, keep=1.0).ends


@pytest.mark.parametrize("rate", [0.001, 0.05, 0.5, 0.99])
def test_clicks_lie_between_0_and_1_however_often_they_come(rate: float) -> None:
    clicks = (derive(1, "clicks").random(20_000) < rate) * 1.0
    assert after(clicks) == (0.0, 1.0)
    assert after(clicks * 30.0) == pytest.approx((0.0, 30.0))


def test_rare_purchases_of_any_size_have_the_variance_of_a_coin() -> None:
    rng = derive(2, "money")
    rewards = rng.lognormal(3.0, 1.0, 100_000) * (rng.random(100_000) < 0.02)
    low, high = after(rewards)
    scaled = (rewards - low) / (high - low)
    assert low == 0.0
    assert scaled.var() == pytest.approx(scaled.mean() * (1 - scaled.mean()), rel=0.01)
    assert high < rewards.max() / 2


def test_rewards_that_always_come_lie_within_three_deviations_and_losses_below_0() -> None:
    rewards = derive(3, "noise").normal(0.5, 1.0, 50_000)
    low, high = after(rewards)
    assert low == pytest.approx(-2.5, abs=0.1)
    assert high == pytest.approx(3.5, abs=0.1)


def test_nothing_known_is_0_to_1_and_losses_alone_end_at_0() -> None:
    assert RewardRange().ends == (0.0, 1.0)
    assert after(np.zeros(9)) == (0.0, 1.0)
    assert after(-np.ones(9) * 2) == (-2.0, 0.0)


def test_it_forgets_one_monstrous_order() -> None:
    start = RewardRange().add(np.ones(1), np.array([1e9]), keep=1.0)
    for _ in range(40):
        start = start.add(np.ones(1_000), (np.arange(1_000) % 20 == 0) * 1.0, keep=0.5)
    assert start.ends[1] < 2.0
