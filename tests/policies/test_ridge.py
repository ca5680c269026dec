from dataclasses import replace

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.prior import expected_deviations, prior_precision
from equipoise.policies.ridge import Ridge
from equipoise.random import derive
from equipoise.types import Floats

WEIGHTS = np.array([0.3, -0.5, 0.2, 0.0])
NOISE = 0.25


def rows(n: int, *, seed: int = 1, weights: Floats = WEIGHTS) -> LoggedFeedback:
    rng = derive(seed, "ridge")
    features = rng.normal(size=(n, 4))
    return LoggedFeedback(
        items=np.zeros(n, np.int64),
        features=features,
        positions=np.zeros(n, np.int64),
        propensities=np.ones(n),
        rewards=features @ weights + np.sqrt(NOISE) * rng.standard_normal(n),
        impressions=np.ones(n),
    )


def lasting(prior_mean: Floats | None = None) -> Ridge:
    return Ridge.prior(4, prior_mean, half_life=1e15)


def test_it_is_ridge_regression_with_the_noise_and_prior_it_tells() -> None:
    prior_mean = np.array([0.1, 0.0, 0.2, -0.1])
    news = rows(60)
    ridge = lasting(prior_mean).learn(news)
    deviations = expected_deviations(ridge.attention.scale, ridge.sums.sizes())
    prior = prior_precision(prior_mean, deviations)
    precision = news.features.T @ news.features / ridge.noise + prior
    mean = np.linalg.solve(precision, news.features.T @ news.rewards / ridge.noise + prior @ prior_mean)
    np.testing.assert_allclose(ridge.believed.mean, mean)
    np.testing.assert_allclose(ridge.believed.root.T @ ridge.believed.root, np.linalg.inv(precision))


def test_it_finds_weights_and_noise() -> None:
    ridge = lasting().learn(rows(20_000))
    np.testing.assert_allclose(ridge.believed.mean, WEIGHTS, atol=0.02)
    assert ridge.noise == pytest.approx(NOISE, rel=0.05)


def test_its_deviations_are_how_far_off_it_is() -> None:
    errors = []
    for seed in range(200):
        ridge = lasting().learn(rows(100, seed=seed))
        means, deviations = ridge.believed.predict(np.eye(4))
        errors.append((means - WEIGHTS) / deviations)
    assert 0.8 < np.std(errors) < 1.2


def test_neither_order_nor_batches_nor_delay_matter() -> None:
    news = rows(300)
    at_once = lasting().learn(news)
    silent = lasting().learn(replace(news, rewards=np.zeros(300)))
    late = silent.learn(replace(news, impressions=np.zeros(300)))
    np.testing.assert_allclose(late.believed.mean, at_once.believed.mean, rtol=1e-9)
    np.testing.assert_allclose(late.believed.root, at_once.believed.root, rtol=1e-9, atol=1e-12)


def test_the_currency_of_rewards_does_not_matter() -> None:
    news = rows(2_000)
    cents, euros = (lasting().learn(replace(news, rewards=news.rewards * by)) for by in (100.0, 1.0))
    np.testing.assert_allclose(cents.believed.mean, 100.0 * euros.believed.mean, rtol=0.01, atol=0.1)
    np.testing.assert_allclose(cents.believed.root, 100.0 * euros.believed.root, rtol=0.01, atol=0.01)


def test_the_units_of_features_do_not_matter() -> None:
    news, units = rows(2_000), np.array([1e3, 1.0, 1e-3, 1.0])
    plain, scaled = (
        lasting().learn(replace(news, features=news.features * by)) for by in (np.ones(4), units)
    )
    np.testing.assert_allclose(scaled.believed.mean * units, plain.believed.mean, rtol=0.01, atol=0.01)


def test_what_was_seen_fades_towards_the_prior() -> None:
    known = Ridge.prior(4, half_life=100.0).learn(rows(1_000))
    silence = replace(rows(2_000), features=np.zeros((2_000, 4)), rewards=np.zeros(2_000))
    faded = known.learn(silence)
    assert np.linalg.norm(faded.believed.mean) < 0.1 * np.linalg.norm(known.believed.mean)
