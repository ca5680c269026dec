from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from equipoise.errors import BadInputError
from equipoise.policies import GaussianThompson

RATES = np.array([0.05, 0.4, 0.1, 0.05, 0.2])


def test_chances_are_those_of_being_the_best_of_two_normal_means(offer: Any, shown: Any) -> None:
    items = np.tile([0, 1], 200)
    rewards = (np.arange(400) % 10 < np.where(items == 0, 4, 5)) * 1.0
    policy = GaussianThompson(draws=20_000).start(1).update(shown(items, rewards))
    mean, deviation = policy.means(2), policy.deviations(2)
    expected = norm.cdf((mean[1] - mean[0]) / np.hypot(*deviation))
    assert policy.propensities(offer(0, 1), np.array([[1]]))[0, 0] == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("size", [1.0, 100.0])
def test_it_finds_the_best_and_stays_there(played: Any, size: float) -> None:
    policy, _ = played(GaussianThompson().start(1), RATES, 2_000, size=size)
    _, shares = played(policy, RATES, 2_000, seed=2, size=size)
    assert shares[1] > 0.9


def test_it_has_other_draws_after_each_update(offer: Any, shown: Any) -> None:
    start, options = GaussianThompson(draws=8).start(1), offer(*range(20), n=20)
    after, again = (start.update(shown([30], [0.0])) for _ in range(2))
    before, one, two = (
        policy.propensities(options, np.arange(20)[:, None]) for policy in (start, after, again)
    )
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(before, one)


def test_no_draws_are_refused() -> None:
    with pytest.raises(BadInputError, match="draws: must be at least 1"):
        GaussianThompson(draws=0)
