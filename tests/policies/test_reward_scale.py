import numpy as np
import pytest

from equipoise.policies.reward_scale import RewardScale
from equipoise.random import derive


@pytest.mark.parametrize(("size", "rate"), [(1.0, 0.05), (20.0, 0.02), (0.2, 0.1)])
def test_noise_is_the_variance_of_rare_rewards(size: float, rate: float) -> None:
    rewards = size * (derive(1, "rewards").random(200_000) < rate)
    scale = RewardScale().add(np.ones(200_000), rewards, keep=1.0)
    assert scale.mean == pytest.approx(size * rate, rel=0.05)
    assert scale.worth == pytest.approx(size, rel=0.05)
    assert scale.noise == pytest.approx(rewards.var(), rel=0.15)


def test_it_is_positive_before_and_after_anything() -> None:
    nothing = RewardScale()
    returns = nothing.add(np.ones(50), -np.ones(50), keep=1.0)
    silence = nothing.add(np.ones(10**6), np.zeros(10**6), keep=1.0)
    assert min(nothing.noise, returns.noise, silence.noise) > 0.0


def test_it_forgets() -> None:
    old = RewardScale().add(np.ones(1000), np.ones(1000), keep=1.0)
    assert old.add(np.ones(1000), np.zeros(1000), keep=0.001).mean < 0.02
