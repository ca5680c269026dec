from typing import Any

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies import EpsilonGreedy, Protected, Uniform
from equipoise.policies.around import started
from equipoise.policies.policy import Policy
from equipoise.random import derive


def test_the_top_is_greedy_and_the_rest_is_the_policy_inside(offer: Any, shown: Any) -> None:
    news = shown([0, 1, 2, 3, 4] * 100, [0.1, 0.5, 0.3, 0.2, 0.4] * 100)
    policy = Protected(policy=EpsilonGreedy(epsilon=1.0), positions=2).start(1).update(news)
    slates = policy.decide(offer(*range(5), n=200), 4, rng=derive(1, "draws"))
    assert (slates.actions[:, :2] == [1, 4]).all()
    np.testing.assert_allclose(slates.propensities[0], [1.0, 1.0, 1 / 3, 1 / 2])
    assert not slates.explored[:, :2].any()
    assert slates.explored[:, 2:].any()


def test_no_positions_is_the_policy_inside(offer: Any) -> None:
    slates = Protected(policy=Uniform(), positions=0).start(1).decide(offer(1, 2), 1, rng=derive(1, "draws"))
    assert slates.propensities[0, 0] == 0.5


def test_a_negative_number_of_positions_is_refused() -> None:
    with pytest.raises(BadInputError, match="positions: must not be negative"):
        Protected(positions=-1)


class Foreign:
    def start(self, n_features: int, prior_mean: Any = None) -> Policy:
        policy: Policy = object()  # type: ignore[assignment]
        return policy


def test_a_policy_that_does_not_fill_slots_cannot_be_held() -> None:
    with pytest.raises(BadInputError, match="policy: object must derive from SlotBySlot"):
        started(Foreign(), 1, None)
