"""The posterior against the dense mixed model it claims to be, and against planted truth."""

import time
from dataclasses import replace

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.belief import ITEM_SPREAD, SCALE, SPREAD, Belief
from equipoise.random import derive
from equipoise.types import Floats, Ints

FOREVER = 1e15


def shown(
    items: Ints, features: Floats, rewards: Floats, positions: Ints | None = None, seen: Floats | None = None
) -> LoggedFeedback:
    n = len(items)
    return LoggedFeedback(
        items=items,
        features=features,
        positions=np.zeros(n, np.int64) if positions is None else positions,
        propensities=np.ones(n),
        rewards=rewards,
        impressions=np.ones(n) if seen is None else seen,
    )


def planted(n: int, *, n_items: int = 30, seed: int = 0) -> tuple[LoggedFeedback, Floats, Floats]:
    """Return feedback on rewards of known weights (3,) and item terms (n_items,)."""
    rng = derive(seed, "planted")
    weights, terms = np.array([0.3, 0.05, -0.05]), rng.normal(size=n_items) * 0.08
    items = rng.integers(0, n_items, n)
    features = np.concatenate([np.ones((n, 1)), rng.uniform(-1, 1, (n, 2))], axis=1)
    rates = np.clip(features @ weights + terms[items], 0.01, 0.99)
    return shown(items, features, (rng.random(n) < rates).astype(np.float64)), weights, terms


def test_it_is_the_dense_mixed_model() -> None:
    feedback, _, _ = planted(300)
    start = Belief.prior(3, np.array([0.2, 0.0, 0.1]), half_life=FOREVER)
    belief = start.learn(feedback)
    spreads = np.repeat([SPREAD, ITEM_SPREAD], [3, 30])
    covariance = np.diag((spreads * belief.attention.scale.mean) ** 2)
    covariance[:3, :3] += SCALE**2 * np.outer(start.prior_mean, start.prior_mean)
    prior = belief.attention.scale.noise * np.linalg.inv(covariance)
    design = np.concatenate([feedback.features, np.eye(30)[feedback.items]], axis=1)
    precision = design.T @ design + prior
    mean = np.linalg.solve(
        precision, design.T @ feedback.rewards + prior @ np.concatenate([start.prior_mean, np.zeros(30)])
    )
    asked = np.concatenate([feedback.features[:30], np.eye(30)], axis=1)
    means, deviations = belief.predict(np.arange(30), feedback.features[:30])
    variances = (
        np.einsum("nd,nd->n", asked, np.linalg.solve(precision, asked.T).T) * belief.attention.scale.noise
    )
    np.testing.assert_allclose(means, asked @ mean, rtol=1e-8)
    np.testing.assert_allclose(deviations, np.sqrt(variances), rtol=1e-8)
    np.testing.assert_allclose(belief.item_means(30), mean[3:], rtol=1e-6, atol=1e-12)
    terms = np.sqrt(np.diag(np.linalg.inv(precision))[3:] * belief.attention.scale.noise)
    np.testing.assert_allclose(belief.item_deviations(30), terms, rtol=1e-8)


def test_it_finds_planted_weights_and_item_terms() -> None:
    feedback, weights, terms = planted(40_000)
    belief = Belief.prior(3, half_life=FOREVER).learn(feedback)
    rng = derive(1, "asked")
    items = rng.integers(0, 30, 200)
    features = np.concatenate([np.ones((200, 1)), rng.uniform(-1, 1, (200, 2))], axis=1)
    means, deviations = belief.predict(items, features)
    truth = features @ weights + terms[items]
    assert np.abs(means - truth).max() < 0.06
    assert 0.3 < np.sqrt((((means - truth) / deviations) ** 2).mean()) < 2.0


def test_neither_order_nor_batches_matter() -> None:
    feedback, _, _ = planted(400)
    order = derive(2, "order").permutation(400)
    once = Belief.prior(3, half_life=FOREVER).learn(feedback)
    pieces = Belief.prior(3, half_life=FOREVER)
    for piece in np.array_split(order, 7):
        pieces = pieces.learn(shown(feedback.items[piece], feedback.features[piece], feedback.rewards[piece]))
    items, features = np.arange(40), np.tile(feedback.features[:4], (10, 1))
    for one, two in zip(once.predict(items, features), pieces.predict(items, features), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-8)


def test_an_item_never_shown_has_the_prior_and_codes_may_skip() -> None:
    feedback, _, _ = planted(500)
    belief = Belief.prior(3, half_life=FOREVER).learn(replace(feedback, items=feedback.items * 7))
    unseen = np.array([1, 8, 204, 10_000, -1])
    means, deviations = belief.predict(unseen, np.tile(feedback.features[:1], (5, 1)))
    assert np.ptp(means) == 0.0
    assert np.ptp(deviations) == 0.0
    np.testing.assert_allclose(
        belief.item_deviations(10_001)[[1, 10_000]], ITEM_SPREAD * belief.attention.scale.mean, rtol=1e-12
    )
    assert belief.item_means(3)[1] == 0.0


def test_the_prior_mean_is_believed_until_something_is_seen() -> None:
    belief = Belief.prior(2, np.array([0.1, -0.2]), half_life=FOREVER)
    assert belief.means(np.array([5]), np.array([[1.0, 0.5]]))[0] == pytest.approx(0.0)
    assert belief.means(np.array([5]), np.array([[1.0, 0.0]]))[0] == pytest.approx(0.1)


def test_a_prior_that_promises_too_much_is_scaled_down_not_shifted() -> None:
    """The truth is a third of the prior: what was never shown must come out a third too, not below zero."""
    rng, promised = derive(5, "promise"), np.array([0.05, 0.3])
    features = np.stack([np.ones(2_000), rng.uniform(0.6, 1.0, 2_000)], axis=1)
    rewards = (rng.random(2_000) < features @ promised / 3).astype(np.float64)
    belief = Belief.prior(2, promised, half_life=FOREVER).learn(shown(np.arange(2_000), features, rewards))
    unseen = belief.means(np.array([-1]), np.array([[1.0, 0.0]]))[0]
    assert unseen == pytest.approx(promised[0] / 3, abs=0.02)


def test_what_was_learnt_fades_to_the_prior_and_never_beyond() -> None:
    feedback, _, _ = planted(2_000)
    belief = Belief.prior(3, half_life=1_000.0).learn(feedback)
    known = belief.item_deviations(30)
    elsewhere = shown(np.full(20_000, 99), np.zeros((20_000, 3)), np.zeros(20_000))
    for _ in range(20):
        belief = belief.learn(elsewhere)
    faded, prior = belief.item_deviations(30), ITEM_SPREAD * belief.attention.scale.mean
    assert np.isfinite(faded).all()
    np.testing.assert_allclose(faded, prior, rtol=1e-3)
    np.testing.assert_allclose(belief.item_means(30), 0.0, atol=1e-3)
    assert (
        known < 0.9 * ITEM_SPREAD * Belief.prior(3, half_life=1.0).learn(feedback).attention.scale.mean
    ).all()


def test_recent_rewards_outweigh_old_ones() -> None:
    items, ones = np.zeros(2_000, np.int64), np.ones((2_000, 1))
    good, bad = shown(items, ones, np.ones(2_000)), shown(items, ones, np.zeros(2_000))
    fading = Belief.prior(1, half_life=500.0).learn(good).learn(bad)
    lasting = Belief.prior(1, half_life=FOREVER).learn(good).learn(bad)
    at = np.array([0]), np.ones((1, 1))
    assert fading.means(*at)[0] < 0.15
    assert lasting.means(*at)[0] == pytest.approx(0.5, abs=0.1)


def test_it_learns_how_far_down_shoppers_look() -> None:
    truth = np.array([1.0, 0.9, 0.3, 0.3, 0.05])
    rng = derive(3, "positions")
    belief = Belief.prior(1, half_life=FOREVER)
    for _ in range(100):
        positions = np.tile(np.arange(5), 100)
        rewards = (rng.random(500) < 0.2 * truth[positions]).astype(np.float64)
        belief = belief.learn(shown(rng.integers(0, 10, 500), np.ones((500, 1)), rewards, positions))
    np.testing.assert_allclose(belief.attention.looked(np.arange(5)), truth, atol=0.06)
    assert belief.means(np.array([0]), np.ones((1, 1)))[0] == pytest.approx(0.2, abs=0.03)


def test_an_item_shown_low_is_not_blamed_for_being_overlooked() -> None:
    """Items 0 and 1 are equally good; 1 is always shown where a tenth of the shoppers look."""
    rng = derive(4, "low")
    belief = Belief.prior(1, half_life=FOREVER)
    for _ in range(100):
        positions = np.tile([0, 5], 200)
        swapped = rng.random(400) < 0.1
        items = np.where(swapped, 1 - positions // 5, positions // 5)
        rewards = (rng.random(400) < 0.2 * np.where(positions == 5, 0.1, 1.0)).astype(np.float64)
        belief = belief.learn(shown(items, np.ones((400, 1)), rewards, positions))
    means = belief.item_means(2)
    assert means[1] - means[0] > -0.03


def test_features_beyond_reason_do_not_break_it() -> None:
    feedback, _, _ = planted(100)
    belief = Belief.prior(3, half_life=FOREVER).learn(replace(feedback, features=feedback.features * 1e12))
    means, deviations = belief.predict(feedback.items, feedback.features)
    assert np.isfinite(means).all()
    assert np.isfinite(deviations).all()


def test_returns_that_outweigh_purchases_leave_a_sound_belief() -> None:
    feedback, _, _ = planted(100)
    belief = Belief.prior(3, half_life=FOREVER).learn(replace(feedback, rewards=-np.ones(100)))
    means, deviations = belief.predict(feedback.items, feedback.features)
    assert means.max() < 0.0
    assert (deviations > 0.0).all()


def test_a_thousand_rows_are_learnt_within_the_interval_of_the_learner() -> None:
    feedback, _, _ = planted(1_000, n_items=4_000)
    belief = Belief.prior(3, half_life=FOREVER).learn(feedback)
    seconds = []
    for _ in range(9):
        started = time.perf_counter()
        belief = belief.learn(feedback)
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.010
