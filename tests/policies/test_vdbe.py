from typing import Any

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies import Vdbe

RATES = np.array([0.05, 0.4, 0.1, 0.05, 0.2])


def test_it_explores_until_its_estimates_stand_still(played: Any) -> None:
    policy, _ = played(Vdbe().start(1), RATES, 200)
    early = policy.epsilon
    policy, shares = played(policy, RATES, 4_000, seed=2)
    assert 0.03 < early < 1.0
    assert policy.epsilon < 0.2 * early
    assert np.argmax(shares) == 1


def test_a_shock_makes_it_explore_again(played: Any, shown: Any) -> None:
    calm, _ = played(Vdbe(window=500).start(1), RATES, 4_000)
    shocked = calm.update(shown([0] * 20, [3.0] * 20))
    assert shocked.epsilon > 5 * calm.epsilon


def test_epsilon_is_a_probability_whatever_the_rewards(shown: Any) -> None:
    policy = Vdbe().start(1)
    for size in (1e-9, 1e9, -1e9):
        policy = policy.update(shown([0, 1, 1], [size, 0.0, -size]))
        assert 0.0 <= policy.epsilon <= 1.0


def test_a_sensitivity_of_nothing_is_refused() -> None:
    with pytest.raises(BadInputError, match="sensitivity: must be above 0"):
        Vdbe(sensitivity=0.0)
