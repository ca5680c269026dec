from typing import Any

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies import EpsilonDecaying

RATES = np.array([0.05, 0.4, 0.1, 0.05, 0.2])


def test_epsilon_is_pace_times_candidates_over_impressions(offer: Any, shown: Any) -> None:
    start, options = EpsilonDecaying(pace=2.0).start(1), offer(0, 1, 2, 3)
    assert start.propensities(options, np.array([[0]]))[0, 0] == 0.25
    policy = start.update(shown([0] * 80, [0.0] * 80))
    assert policy.propensities(options, np.array([[0]]))[0, 0] == pytest.approx(2.0 * 4 / 80 / 4, rel=1e-2)


def test_with_fading_below_one_exploration_lasts(offer: Any, shown: Any) -> None:
    policy = EpsilonDecaying(pace=2.0, fading=0.5).start(1).update(shown([0] * 80, [0.0] * 80))
    found = policy.propensities(offer(0, 1, 2, 3), np.array([[0]]))[0, 0]
    assert found == pytest.approx((2.0 * 4 / 80) ** 0.5 / 4, rel=1e-2)


def test_exploration_fades_and_the_best_is_shown(played: Any) -> None:
    policy, early = played(EpsilonDecaying().start(1), RATES, 400)
    _, late = played(policy, RATES, 4_000, seed=2)
    assert np.argmax(late) == 1
    assert late[1] > max(early[1], 0.9)


def test_where_old_impressions_fade_it_never_stops(played: Any) -> None:
    policy, _ = played(EpsilonDecaying(half_life=500.0).start(1), RATES, 4_000)
    assert policy.belief.seen == pytest.approx(500 / np.log(2), rel=0.05)


def test_a_negative_pace_is_refused() -> None:
    with pytest.raises(BadInputError, match="pace: must not be negative"):
        EpsilonDecaying(pace=-1.0)
    with pytest.raises(BadInputError, match="fading: must lie in"):
        EpsilonDecaying(fading=0.0)
