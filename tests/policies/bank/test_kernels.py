from typing import Any

import numpy as np
import pytest
from scipy.special import expit, softmax
from scipy.stats import norm

from equipoise.policies.bank.kernels import (
    bernoulli_posterior,
    gaussian_evidence,
    kept,
    log_sums,
    revert,
    weigh,
    witnessed,
)
from equipoise.policies.bank.state_space import StateSpace
from equipoise.random import derive
from equipoise.types import Floats

FIRST, LATE = np.ones(1, np.bool_), np.zeros(1, np.bool_)


def exact(mean: float, variance: float, outcome: float, looked: float) -> tuple[float, float, float]:
    """Return the chance of a success, and the mean and variance of the posterior, by a fine sum."""
    u = np.linspace(mean - 9 * np.sqrt(variance), mean + 9 * np.sqrt(variance), 200_001)
    prior = norm.pdf(u, mean, np.sqrt(variance)) * (u[1] - u[0])
    success = looked * expit(u)
    posterior = prior * (success if outcome else 1.0 - success)
    posterior /= posterior.sum()
    middle = float(posterior @ u)
    return float(prior @ success), middle, float(posterior @ (u - middle) ** 2)


def moved(mean: float, variance: float, outcome: float, looked: float) -> tuple[float, float, float]:
    given, shift, shrink = bernoulli_posterior(mean, variance, outcome, looked)
    return given, mean + variance * shift, variance - variance**2 * shrink


def bank(rate: float = 0.0, *spreads: float) -> StateSpace:
    mixes = tuple(((1.0, spread),) for spread in spreads or (0.5,))
    return StateSpace.prior(
        2, constant=-1.0, constant_variance=3.0, weight_variance=2.0, rates=(rate,), mixes=mixes
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
def test_the_moments_are_those_of_the_posterior(
    mean: float, variance: float, outcome: float, looked: float
) -> None:
    found, told = moved(mean, variance, outcome, looked), exact(mean, variance, outcome, looked)
    np.testing.assert_allclose(found, (*told[:2], min(told[2], variance)), rtol=0.02, atol=0.02)


@pytest.mark.parametrize("looked", [1.0, 0.4, 0.02])
@pytest.mark.parametrize("variance", [20.0, 1_000.0])
@pytest.mark.parametrize("mean", [-8.0, -5.0, -2.0])
def test_a_success_that_nobody_awaited_is_learnt_from_however_unsure_they_were(
    mean: float, variance: float, looked: float
) -> None:
    """A rare feature has a large value in units of its size."""
    (_, middle, rest), told = moved(mean, variance, 1.0, looked), exact(mean, variance, 1.0, looked)
    assert abs(middle - told[1]) < 0.35 * np.sqrt(variance)
    assert 0.0 < rest <= variance


@pytest.mark.parametrize("looked", [1.0, 0.5])
def test_what_is_learnt_makes_nobody_less_sure(looked: float) -> None:
    """Nobody knows whether a failure at a place that half look at was a look: it has two humps."""
    shrinks = [
        bernoulli_posterior(mean, 4.0, outcome, looked)[2]
        for mean in np.linspace(-8.0, 8.0, 33)
        for outcome in (0.0, 1.0)
    ]
    assert min(shrinks) >= 0.0


def test_beliefs_are_right_on_average() -> None:
    """The mean over outcomes of what is believed after is what was believed before."""
    given, _, _ = bernoulli_posterior(-2.5, 1.5, 1.0, 1.0)
    after = [moved(-2.5, 1.5, outcome, 1.0)[1] for outcome in (1.0, 0.0)]
    assert given * after[0] + (1.0 - given) * after[1] == pytest.approx(-2.5, abs=1e-9)


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


def test_a_success_moves_the_utility_to_the_mean_of_the_posterior() -> None:
    features, items = np.array([[0.5, -1.5]]), np.zeros(1, np.int64)
    before = bank()
    told = before.predict(features, items)
    _, middle, rest = moved(told.means[0, 0], told.variances[0, 0], 1.0, 1.0)
    after = seen(before, features[0], 1.0).predict(features, items)
    assert after.means[0, 0] == pytest.approx(middle)
    assert rest < told.variances[0, 0]


def test_a_term_left_alone_goes_back_to_its_prior() -> None:
    np.testing.assert_allclose(revert(3.0, 0.01, kept(0.1, 1e4), 0.5), [0.0, 0.5], atol=1e-12)


@pytest.mark.parametrize("spread", [0.01, 4.0])
def test_a_term_of_any_spread_forgets_as_fast(spread: float) -> None:
    mean, variance = revert(3.0, 0.0, kept(0.002, 1_000.0), spread)
    assert mean == pytest.approx(3.0 * np.exp(-1.0))
    assert variance == pytest.approx(spread * (1.0 - np.exp(-2.0)))


def test_a_term_drifts_the_same_at_once_and_bit_by_bit() -> None:
    at_once, mean, variance = revert(3.0, 0.01, kept(0.02, 20.0), 0.5), 3.0, 0.01
    for _ in range(20):
        mean, variance = revert(mean, variance, kept(0.02, 1.0), 0.5)
    assert at_once == pytest.approx((mean, variance))
    assert 0.0 < mean < 3.0


def test_a_term_of_a_still_world_stays() -> None:
    assert revert(3.0, 0.01, kept(0.0, 1e4), 0.5) == (3.0, 0.01)


def test_a_mixture_has_the_moments_of_its_parts() -> None:
    """A Gaussian utility N(1, 2), of which two parts tell by 0.7 and 0.3 how it moves and shrinks."""
    told, shifts, shrinks = np.log([0.7, 0.3]), np.array([0.4, -0.5]), np.array([0.3, 0.2])
    likely = np.array([0.5, 0.5])
    evidence, shift, shrink = weigh(2, likely, told, shifts, shrinks)
    middles, rests = 1.0 + 2.0 * shifts, 2.0 - 4.0 * shrinks
    mean = likely @ middles
    np.testing.assert_allclose(likely, [0.7, 0.3])
    assert evidence == pytest.approx(np.log(0.5))
    assert 1.0 + 2.0 * shift == pytest.approx(mean)
    assert 2.0 - 4.0 * shrink == pytest.approx(likely @ (rests + (middles - mean) ** 2))


def test_each_part_of_a_mix_learns_what_it_would_alone_and_is_weighed_by_what_it_foretold() -> None:
    """The weights are known here, so that the parts differ in nothing but the item's term."""

    def known(*mix: tuple[float, float]) -> StateSpace:
        return StateSpace.prior(
            0, constant=-1.0, constant_variance=1e-12, weight_variance=0.0, rates=(0.0,), mixes=(mix,)
        )

    def after(state: StateSpace) -> StateSpace:
        for outcome in (1.0, 1.0, 0.0):
            state = seen(state, np.zeros(0), outcome)
        return state

    both = after(known((0.6, 0.1), (0.4, 4.0)))
    narrow, wide = after(known((1.0, 0.1))), after(known((1.0, 4.0)))
    np.testing.assert_allclose(both.item_means[0], [narrow.item_means[0, 0], wide.item_means[0, 0]])
    np.testing.assert_allclose(
        both.item_variances[0], [narrow.item_variances[0, 0], wide.item_variances[0, 0]]
    )
    likelihoods = np.array([0.6, 0.4]) * np.exp([narrow.evidence[0], wide.evidence[0]])
    told = both.predict(np.zeros((1, 0)), np.zeros(1, np.int64)).likely[:, 0]
    np.testing.assert_allclose(told, likelihoods / likelihoods.sum(), rtol=0.01)


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
    assert abs(at_once.chances[0] - 0.5) > 0.02
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
    known = StateSpace.prior(0, constant=-2.0, constant_variance=4.0, rates=(0.0,), mixes=(((1.0, 1.0),),))
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


def test_of_what_is_never_forgotten_the_evidence_is_that_of_bayes() -> None:
    """Kinds are as likely as one another before, and so are the models of each."""
    kinds, heard = np.array([0, 1, 0, 1, 2]), derive(1, "heard").normal(0.0, 3.0, size=(50, 5))
    evidence, kind_evidence = np.zeros(5), np.zeros(3)
    witnessed(evidence, kinds, kind_evidence, 1.0, 1.0, heard, np.ones(50, np.bool_))
    logs = evidence - log_sums(evidence, kinds, 3)[kinds] + kind_evidence[kinds]
    expected = heard.sum(axis=0) + np.log(np.array([1 / 2, 1 / 2, 1 / 2, 1 / 2, 1]))
    np.testing.assert_allclose(softmax(logs), softmax(expected), rtol=1e-9)


def test_sums_of_what_is_very_unlikely_are_known_too() -> None:
    logs = np.array([-5_000.0, 3.0, -5_001.0])
    expected = [-5_000.0 + np.log1p(np.exp(-1.0)), 3.0]
    np.testing.assert_allclose(log_sums(logs, np.array([0, 1, 0]), 2), expected)
