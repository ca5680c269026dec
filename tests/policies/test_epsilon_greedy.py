from typing import Any

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies import EpsilonGreedy

RATES = np.array([0.05, 0.4, 0.1, 0.05, 0.2])


def test_it_mostly_shows_the_best_and_explores_as_often_as_it_says(played: Any) -> None:
    policy, shares = played(EpsilonGreedy(epsilon=0.2).start(1), RATES, 4_000)
    assert np.argmax(policy.means(5)) == 1
    assert shares[1] > 0.7
    np.testing.assert_allclose(shares[[0, 2, 3, 4]], 0.2 / 5, atol=0.04)


def test_chances_are_one_less_epsilon_and_equal_parts_of_it(offer: Any, shown: Any) -> None:
    policy = EpsilonGreedy(epsilon=0.3).start(1).update(shown([0, 1, 2], [0.0, 1.0, 1.0]))
    chances = [policy.propensities(offer(0, 1, 2), np.array([[place]]))[0, 0] for place in range(3)]
    np.testing.assert_allclose(chances, [0.1, 0.45, 0.45])
    slates = policy.decide(offer(0, 1, 2), 1, rng=np.random.default_rng(1))
    assert slates.exploration[0] == pytest.approx(0.1)


def test_a_window_follows_a_jump(played: Any) -> None:
    policy, _ = played(EpsilonGreedy(window=1_000).start(1), RATES, 4_000)
    _, shares = played(policy, RATES[::-1].copy(), 4_000, seed=2)
    assert np.argmax(shares) == 3


@pytest.mark.parametrize("settings", [{"epsilon": 1.1}, {"epsilon": -0.1}, {"epsilon": float("nan")}])
def test_an_epsilon_that_is_no_probability_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="epsilon: is a probability"):
        EpsilonGreedy(**settings)


@pytest.mark.parametrize("settings", [{"half_life": 0.0}, {"window": 0}, {"item_spread": -1.0}])
def test_a_memory_of_nothing_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match=r"half_life|window"):
        EpsilonGreedy(**settings)
