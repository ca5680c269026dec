from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar
from scipy.special import expit
from scipy.stats import norm

from equipoise.policies.bank.kernels import (
    bernoulli_chance,
    bernoulli_mode,
    gaussian_evidence,
    revert,
)
from equipoise.policies.bank.state_space import StateSpace
from equipoise.random import derive
from equipoise.types import Floats

FIRST, LATE = np.ones(1, np.bool_), np.zeros(1, np.bool_)


def log_posterior(utility: Any, mean: float, variance: float, outcome: float, looked: float) -> Any:
    likelihood = np.log(looked * expit(utility)) if outcome else np.log(1 - looked + looked * expit(-utility))
    return likelihood - 0.5 * (utility - mean) ** 2 / variance


def maximiser(mean: float, variance: float, outcome: float, looked: float) -> float:
    grid = np.linspace(mean - min(variance, 30.0), mean + min(variance, 30.0), 2_001)
    near = grid[np.argmax(log_posterior(grid, mean, variance, outcome, looked))]
    step = grid[1] - grid[0]
    found = minimize_scalar(
        lambda u: -log_posterior(u, mean, variance, outcome, looked),
        bounds=(near - step, near + step),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return float(found.x)


def bank(rate: float = 0.0, *spreads: float) -> StateSpace:
    return StateSpace.prior(
        2, constant=-1.0, constant_variance=3.0, weight_variance=2.0, rates=(rate,), spreads=spreads or (0.5,)
    )


def seen(
    before: StateSpace, features: Floats, outcome: float, *, first: Any = FIRST, noise: float = 0.0
) -> StateSpace:
    return before.learn(
        features[None], np.zeros(1, np.int64), np.array([outcome]), np.ones(1), first, noise=noise
    )


@pytest.mark.parametrize("looked", [1.0, 0.4])
@pytest.mark.parametrize("outcome", [0.0, 1.0])
@pytest.mark.parametrize("variance", [0.05, 1.0, 6.0])
@pytest.mark.parametrize("mean", [-6.0, -2.0, 0.0, 2.0])
def test_the_mode_is_that_of_the_posterior(
    mean: float, variance: float, outcome: float, looked: float
) -> None:
    mode, _ = bernoulli_mode(mean, variance, outcome, looked)
    assert mode == pytest.approx(maximiser(mean, variance, outcome, looked), abs=2e-3)


@pytest.mark.parametrize("looked", [1.0, 0.4, 0.02])
@pytest.mark.parametrize("variance", [20.0, 1_000.0])
@pytest.mark.parametrize("mean", [-8.0, -5.0, -2.0])
def test_a_success_that_nobody_awaited_is_learnt_from_however_unsure_they_were(
    mean: float, variance: float, looked: float
) -> None:
    """A rare feature has a large value in units of its size: plain Newton steps leap to and fro for ever."""
    mode, _ = bernoulli_mode(mean, variance, 1.0, looked)
    assert mode == pytest.approx(maximiser(mean, variance, 1.0, looked), abs=2e-3)


@pytest.mark.parametrize("mean", [2.0, 5.0, 8.0])
def test_a_failure_that_nobody_awaited_is_learnt_from_however_unsure_they_were(mean: float) -> None:
    mode, _ = bernoulli_mode(mean, 1_000.0, 0.0, 1.0)
    assert mode == pytest.approx(maximiser(mean, 1_000.0, 0.0, 1.0), abs=2e-3)


def test_the_information_is_what_an_outcome_tells_of_its_chance_on_average() -> None:
    """Fisher information: the mean squared slope of the log likelihood."""
    mode, information = bernoulli_mode(-1.0, 0.7, 1.0, 0.4)
    p, step = expit(mode), 1e-5
    slopes = [
        np.diff(log_posterior(mode + np.array([-step, step]), 0.0, np.inf, y, 0.4))[0] / (2 * step)
        for y in (0.0, 1.0)
    ]
    expected = (1 - 0.4 * p) * slopes[0] ** 2 + 0.4 * p * slopes[1] ** 2
    assert information == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("looked", [1.0, 0.4])
def test_the_chance_given_to_a_success_is_near_its_probability(looked: float) -> None:
    mean, variance = -1.5, 2.0
    z = np.linspace(-8, 8, 4_001)
    chance = float(norm.pdf(z) @ expit(mean + np.sqrt(variance) * z) * (z[1] - z[0]))
    assert bernoulli_chance(mean, variance, looked) == pytest.approx(looked * chance, rel=0.03)


def test_the_evidence_of_an_amount_is_its_density() -> None:
    assert gaussian_evidence(1.0, 4.0, 2.5) == pytest.approx(norm.logpdf(2.5, 1.0, 2.0))


@pytest.mark.parametrize("rate", [0.0, 0.3])
def test_a_gaussian_observation_is_the_exact_kalman_update(rate: float) -> None:
    features, noise, outcome = np.array([0.5, -1.5]), 0.8, 2.0
    before, after = bank(rate), seen(bank(rate), np.array([0.5, -1.5]), outcome, noise=noise)
    mean = np.append(before.weights[0], 0.0)
    covariance = np.diag([*(before.walk[0] * (1.0 + rate)), before.spreads[0]])
    x = np.array([*features, 1.0, 1.0])
    gain = covariance @ x / (x @ covariance @ x + noise)
    mean, covariance = mean + gain * (outcome - x @ mean), covariance - np.outer(gain, x @ covariance)
    np.testing.assert_allclose(after.weights[0], mean[:3], atol=1e-12)
    np.testing.assert_allclose(after.covariances[0], covariance[:3, :3], atol=1e-12)
    assert after.item_means[0, 0] == pytest.approx(mean[3])
    assert after.item_variances[0, 0] == pytest.approx(covariance[3, 3])


def test_a_success_moves_the_utility_to_the_mode() -> None:
    features, items = np.array([[0.5, -1.5]]), np.zeros(1, np.int64)
    before = bank()
    told = before.predict(features, items)
    mode, _ = bernoulli_mode(told.means[0, 0], told.variances[0, 0], 1.0, 1.0)
    assert seen(before, features[0], 1.0).predict(features, items).means[0, 0] == pytest.approx(mode)


def test_a_term_left_alone_goes_back_to_its_prior() -> None:
    means, variances = np.array([[3.0]]), np.array([[0.01]])
    revert(means, variances, 0, 0, 0.1, 0.5, 1e4)
    np.testing.assert_allclose([means[0, 0], variances[0, 0]], [0.0, 0.5], atol=1e-12)


def test_a_term_drifts_the_same_at_once_and_bit_by_bit() -> None:
    means, variances = np.array([[3.0, 3.0]]), np.array([[0.01, 0.01]])
    revert(means, variances, 0, 0, 0.02, 0.5, 20.0)
    for _ in range(20):
        revert(means, variances, 0, 1, 0.02, 0.5, 1.0)
    assert means[0, 0] == pytest.approx(means[0, 1])
    assert variances[0, 0] == pytest.approx(variances[0, 1])
    assert 0.0 < means[0, 0] < 3.0


def test_a_term_of_a_still_world_stays() -> None:
    means, variances = np.array([[3.0]]), np.array([[0.01]])
    revert(means, variances, 0, 0, 0.0, 0.5, 1e4)
    assert (means[0, 0], variances[0, 0]) == (3.0, 0.01)


def test_a_late_success_raises_the_utility_and_passes_no_time() -> None:
    features = np.array([1.0, 0.5])
    failed = seen(bank(1e-3), features, 0.0)
    mended = seen(failed, features, 1.0, first=LATE)
    low, high = (one.predict(features[None], np.zeros(1, np.int64)).means[0, 0] for one in (failed, mended))
    assert high > low + 0.5
    assert mended.clock == failed.clock == 1


def test_a_late_success_leaves_the_evidence_that_the_same_at_once_does() -> None:
    features = np.array([1.0, 0.5])
    either = bank(1e-3, 0.1, 50.0)
    late, at_once = seen(seen(either, features, 0.0), features, 1.0, first=LATE), seen(either, features, 1.0)
    assert abs(at_once.chances[0] - 0.5) > 0.05
    np.testing.assert_allclose(late.chances, at_once.chances, atol=2e-3)
    again = seen(late, features, 1.0, first=LATE)
    np.testing.assert_array_equal(again.evidence, late.evidence)


def test_a_late_nothing_changes_no_belief() -> None:
    features, items = np.array([[1.0, 0.5]]), np.zeros(1, np.int64)
    failed = seen(seen(bank(1e-3), features[0], 0.0), features[0], 1.0)
    again = seen(failed, features[0], 0.0, first=LATE)
    one, two = (state.predict(features, items) for state in (failed, again))
    np.testing.assert_allclose(one.means, two.means)
    np.testing.assert_allclose(one.variances, two.variances)
    np.testing.assert_array_equal(again.weights, failed.weights)
    np.testing.assert_array_equal(again.covariances, failed.covariances)


def test_late_successes_find_rare_chances() -> None:
    """Failures stay beside late successes, so odds become chances: nearly the same for rare ones."""
    rng = derive(1, "late")
    known = StateSpace.prior(0, constant=-2.0, constant_variance=4.0, rates=(0.0,), spreads=(1.0,))
    late = np.zeros(0, np.int64)
    for _ in range(80):
        items = np.append(rng.integers(0, 2, 100), late)
        outcomes, first = np.arange(len(items)) >= 100, np.arange(len(items)) < 100
        known = known.learn(
            np.zeros((len(items), 0)), items, outcomes * 1.0, np.ones(len(items)), first, noise=0.0
        )
        late = items[:100][rng.random(100) < np.where(items[:100] == 1, 0.06, 0.02)]
    told = expit(known.predict(np.zeros((2, 0)), np.arange(2)).means[0])
    np.testing.assert_allclose(told, [0.02, 0.06], rtol=0.25)


def test_a_maximum_is_where_the_slope_is_none() -> None:
    """The reference of these tests, told by another road."""
    root = brentq(lambda u: (-2.0 - u) / 6.0 + (1.0 - expit(u)), -2.0, 4.0)
    assert maximiser(-2.0, 6.0, 1.0, 1.0) == pytest.approx(root, abs=1e-6)
