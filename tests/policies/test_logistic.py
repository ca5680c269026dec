from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.logistic import Logistic
from equipoise.random import derive
from equipoise.types import Floats

WEIGHTS = np.array([0.8, -0.5, 0.0])
BASE = -2.5


def clicks(n: int, *, seed: int = 1, base: float = BASE) -> LoggedFeedback:
    rng = derive(seed, "clicks")
    features = rng.normal(size=(n, 3))
    return LoggedFeedback(
        items=np.zeros(n, np.int64),
        features=features,
        positions=np.zeros(n, np.int64),
        propensities=np.ones(n),
        rewards=(rng.random(n) < expit(base + features @ WEIGHTS)).astype(np.float64),
        impressions=np.ones(n),
    )


def lasting() -> Logistic:
    return Logistic.prior(3, half_life=1e15)


def test_it_finds_the_log_odds() -> None:
    learnt = lasting().learn(clicks(30_000))
    np.testing.assert_allclose(learnt.mean, np.append(BASE, WEIGHTS), atol=0.1)


def test_row_by_row_is_near_the_posterior_mode_of_all_rows() -> None:
    news, prior = clicks(2_000), lasting()
    design = np.column_stack((np.ones(2_000), news.features))

    def loss(weights: Floats) -> float:
        off, odds = weights - prior.mean, design @ weights
        likelihood = news.rewards @ odds - np.logaddexp(0.0, odds).sum()
        return float(off @ prior.precision @ off / 2.0 - likelihood)

    mode = minimize(loss, prior.mean).x
    learnt = prior.learn(news)
    deviations = np.sqrt(np.diag(np.linalg.inv(learnt.precision)))
    assert (np.abs(learnt.mean - mode) < deviations).all()


def test_its_precision_is_about_that_of_laplace() -> None:
    news = clicks(5_000)
    learnt, design = lasting().learn(news), np.column_stack((np.ones(5_000), news.features))
    chances = expit(design @ learnt.mean)
    exact = lasting().precision + design.T @ (design * (chances * (1.0 - chances))[:, None])
    np.testing.assert_allclose(np.diag(learnt.precision), np.diag(exact), rtol=0.15)


def test_late_rewards_bring_the_mean_near_to_where_it_would_be() -> None:
    shown = replace(clicks(500), rewards=np.zeros(500))
    silent = lasting().learn(shown)
    late = replace(shown, rewards=clicks(500).rewards, impressions=np.zeros(500))
    told, on_time = silent.learn(late), lasting().learn(clicks(500))
    assert np.linalg.norm(told.mean - on_time.mean) < 0.5 * np.linalg.norm(silent.mean - on_time.mean)


def test_one_click_does_not_make_a_certainty() -> None:
    """A plain Kalman step from 5 % would leap past 99 %."""
    news = clicks(1)
    learnt = lasting().learn(replace(news, features=np.full((1, 3), 2.0), rewards=np.ones(1)))
    assert learnt.rates(np.full(3, 2.0)) < 0.9


def test_money_counts_in_usual_purchases() -> None:
    news = clicks(20_000)
    plain, priced = (lasting().learn(replace(news, rewards=news.rewards * by)) for by in (1.0, 40.0))
    assert priced.worth == pytest.approx(40.0, rel=0.01)
    np.testing.assert_allclose(priced.mean, plain.mean, atol=0.05)


def test_rewards_of_any_kind_leave_numbers() -> None:
    rng = derive(2, "wild")
    wild = replace(clicks(2_000), rewards=rng.standard_cauchy(2_000) * 1e3)
    learnt = lasting().learn(wild)
    assert np.isfinite(learnt.mean).all()
    assert np.isfinite(learnt.precision).all()


def test_what_was_seen_fades_towards_the_prior() -> None:
    start = Logistic.prior(3, half_life=100.0)
    known = start.learn(clicks(3_000))
    faded = known.learn(replace(clicks(2_000), features=np.zeros((2_000, 3)), rewards=np.zeros(2_000)))
    assert np.linalg.norm(faded.weights()) < 0.1 * np.linalg.norm(known.weights())


def test_a_prior_mean_keeps_its_direction_in_any_currency() -> None:
    for size in (1.0, 50.0):
        weights = Logistic.prior(3, size * np.array([2.0, -1.0, 0.0]), half_life=1e15).weights()
        np.testing.assert_allclose(weights, [1.0, -0.5, 0.0])
