from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta

from equipoise.errors import BadInputError
from equipoise.policies import BetaThompson

RATES = np.array([0.05, 0.4, 0.1, 0.05, 0.2])


def test_chances_are_those_of_being_the_best_of_two_beta_means(offer: Any, shown: Any) -> None:
    items = np.tile([0, 1], 100)
    rewards = (np.arange(200) % 20 < np.where(items == 0, 4, 5)) * 1.0
    policy = BetaThompson(draws=20_000).start(1).update(shown(items, rewards))
    a, b = policy._posterior(np.arange(2))
    expected = quad(lambda x: beta.pdf(x, a[1], b[1]) * beta.cdf(x, a[0], b[0]), 0, 1, points=[0.2, 0.3])[0]
    assert policy.propensities(offer(0, 1), np.array([[1]]))[0, 0] == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("size", [1.0, 100.0])
def test_it_finds_the_best_and_stays_there(played: Any, size: float) -> None:
    policy, _ = played(BetaThompson().start(1), RATES, 2_000, size=size)
    _, shares = played(policy, RATES, 2_000, seed=2, size=size)
    assert shares[1] > 0.9


def test_losses_are_ranked_below_gains(shown: Any, offer: Any) -> None:
    policy = BetaThompson().start(1).update(shown([0, 1, 2] * 200, [-1.0, 0.5, 0.0] * 200))
    slates = policy.decide(offer(0, 1, 2), 3, rng=np.random.default_rng(1))
    assert slates.actions.tolist() == [[1, 2, 0]]


def test_no_draws_are_refused() -> None:
    with pytest.raises(BadInputError, match="draws: must be at least 1"):
        BetaThompson(draws=0)
