from typing import Any

import numpy as np
import pytest

from equipoise.policies.bank.draws import DRAWS
from equipoise.policies.bank.information import GROUPS as CHOICE
from equipoise.policies.bank.information import direct, groups_for
from equipoise.random import derive
from equipoise.types import Floats

GROUPS, PER_GROUP = 4, 10


def weighed(draws: Any, *, ahead: float = 1e6, trials: Any = 1.0, left: Any = None) -> Floats:
    """Return the weights (m,) for draws (m, s) of one request."""
    table = np.asarray(draws, np.float64)[None]
    means = table.mean(axis=2) if left is None else np.asarray(left, np.float64)[None]
    weights = np.full(means.shape, np.nan)
    each = np.broadcast_to(trials, means.shape) * np.ones(means.shape)
    direct(table, means, each, ahead, GROUPS, weights)
    found: Floats = weights[0]
    return found


def toss(low: float, high: float) -> Floats:
    """Return draws that are `low` in one half of every group, and `high` in the other."""
    return np.tile(np.repeat([low, high], PER_GROUP // 2), GROUPS)


def sure(worth: float) -> Floats:
    return np.full(GROUPS * PER_GROUP, worth)


@pytest.mark.parametrize(("low", "high"), [(0.0, 0.6), (-0.5, 0.7), (0.2, 0.7)])
def test_the_share_of_an_unsure_candidate_is_the_one_that_pays_least_for_what_it_learns(
    low: float, high: float
) -> None:
    """One tells nothing and is worth 0.5, so the ratio (a + q d)^2 / (q g) is least at q = a / d."""
    missed = 0.5 * (high - 0.5)
    gap = 0.5 - 0.5 * (low + high)
    np.testing.assert_allclose(weighed([sure(0.5), toss(low, high)])[1], min(missed / gap, 1.0), atol=1 / 60)


@pytest.mark.parametrize(("ahead", "share"), [(3.9, 0.0), (4.1, 0.25)])
def test_it_tries_only_what_may_bring_more_than_the_trials_cost(ahead: float, share: float) -> None:
    """0 or 0.6 beside 0.5 brings 0.05 a request, and costs 0.2 a trial."""
    np.testing.assert_allclose(weighed([sure(0.5), toss(0.0, 0.6)], ahead=ahead), [1.0 - share, share])


def test_what_takes_more_trials_must_bring_more() -> None:
    draws = [sure(0.5), toss(0.0, 0.6), toss(0.01, 0.6)]
    weights = weighed(draws, ahead=100.0, trials=[1.0, 1.0, 1_000.0])
    assert weights[1] > 0.1
    assert weights[2] == 0.0


def test_where_nothing_is_to_be_learnt_the_best_is_shown() -> None:
    np.testing.assert_array_equal(weighed([sure(0.2), sure(0.5), sure(0.4)]), [0.0, 1.0, 0.0])


def test_what_cannot_become_the_best_is_not_tried() -> None:
    np.testing.assert_array_equal(weighed([sure(0.5), toss(0.0, 0.4)]), [1.0, 0.0])


def test_the_best_are_shown_alike() -> None:
    np.testing.assert_allclose(weighed([sure(0.5), sure(0.2), sure(0.5)]), [0.5, 0.0, 0.5])


def test_what_is_best_by_mean_and_alone_unsure_is_its_own_trial() -> None:
    np.testing.assert_array_equal(weighed([sure(0.5), toss(0.2, 1.0)]), [0.0, 1.0])


def test_groups_of_draws_may_try_different_candidates() -> None:
    half = GROUPS * PER_GROUP // 2
    first, second = toss(0.0, 0.6), toss(0.0, 0.6)
    first[half:], second[:half] = 0.3, 0.3
    weights = weighed([sure(0.5), first, second])
    assert weights[1] == pytest.approx(weights[2])
    assert weights[1] > 0.1


@pytest.mark.parametrize(("requests", "groups"), [(0.0, 4), (20.0, 4), (49.0, 5), (50.0, 10), (1e6, 20)])
def test_the_more_requests_come_between_updates_the_more_groups(requests: float, groups: int) -> None:
    assert groups_for(requests) == groups
    assert all(DRAWS % each == 0 for each in CHOICE)


def test_more_groups_try_more_candidates() -> None:
    draws = derive(2, "many").normal(size=(1, 200, DRAWS)) - 1.0
    left = draws.mean(axis=2)
    few, many = np.empty(left.shape), np.empty(left.shape)
    direct(draws, left, np.ones(left.shape), 1e6, 4, few)
    direct(draws, left, np.ones(left.shape), 1e6, 20, many)
    assert (few > 0.0).sum() <= 5 < 12 < (many > 0.0).sum()


def test_what_is_gone_gets_nothing_though_it_was_the_best() -> None:
    weights = weighed([sure(0.9), sure(0.5), toss(0.0, 0.6)], left=[-np.inf, 0.5, 0.3])
    np.testing.assert_allclose(weights, [0.0, 0.75, 0.25])


def test_nothing_is_weighed_where_nothing_is_left() -> None:
    np.testing.assert_array_equal(weighed([sure(0.9), sure(0.5)], left=[-np.inf, -np.inf]), [0.0, 0.0])


def test_rows_sum_to_1_and_do_not_hear_of_each_other() -> None:
    rng = derive(1, "information")
    draws = rng.normal(size=(30, 6, 1)) * 0.3 + rng.normal(size=(30, 6, GROUPS * PER_GROUP))
    left, weights = draws.mean(axis=2), np.empty((30, 6))
    left[rng.random(left.shape) < 0.2] = -np.inf
    direct(draws, left, np.ones(left.shape), 1e3, GROUPS, weights)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)
    assert (weights >= 0.0).all()
    assert (weights[left == -np.inf] == 0.0).all()
    for row in range(30):
        np.testing.assert_array_equal(weights[row], weighed(draws[row], ahead=1e3, left=left[row]))
