"""Estimators over episodes against a truth worked out by hand: a chain of two coin tosses."""

from dataclasses import replace

import numpy as np
import pytest

from equipoise.data.experience import Experience
from equipoise.errors import BadInputError
from equipoise.evaluation.sequential import (
    Episodes,
    FittedQ,
    Value,
    doubly_robust,
    per_decision,
    weighted_per_decision,
)
from equipoise.evaluation.sequential.fitted_q import slate_features
from equipoise.random import derive
from equipoise.types import Floats

DISCOUNT, LOGGED, TARGET = 0.9, 0.5, 0.8
TRUTH = (1 + DISCOUNT) * TARGET
"""Each of two steps pays 1 for the second of two candidates, which the target shows with 80 %."""


def log(episodes: int) -> Experience:
    rng = derive(3, "episodes")
    n = 2 * episodes
    places = (rng.random((n, 1)) < LOGGED).astype(np.int64)
    paid = places + 0.5 * rng.standard_normal((n, 1))
    features = np.tile(np.array([[1.0, 0.0], [0.0, 1.0]], np.float32), (n, 1, 1))
    codes = np.tile([0, 1], (n, 1))
    return Experience(
        items=codes,
        following_items=codes,
        features=features,
        places=places,
        propensities=np.full((n, 1), 0.5),
        rewards=paid,
        clicked=np.zeros(n, np.int64),
        following=features,
        done=np.arange(n) // episodes,
        shoppers=np.arange(n) % episodes,
    )


def target(data: Experience) -> Floats:
    return np.where(data.places == 1, TARGET, 1 - TARGET)


def covers(found: Value, within: float) -> bool:
    return abs(found.value - TRUTH) < within and found.low < TRUTH < found.high


@pytest.fixture(scope="module")
def data() -> Experience:
    return log(3_000)


@pytest.fixture(scope="module")
def episodes(data: Experience) -> Episodes:
    return Episodes.of(data, target(data), discount=DISCOUNT)


def test_episodes_are_taken_apart(data: Experience, episodes: Episodes) -> None:
    assert episodes.steps.shape == (3_000, 2)
    assert (episodes.steps[:, 1] - episodes.steps[:, 0] == 3_000).all()
    assert set(np.unique(episodes.ratios.round(6))) == {0.4, 1.6}


def test_first_episodes_are_not_selected_by_their_length() -> None:
    """Rows of 12 steps hold episodes of 2 and of 8 steps in turn; the log cuts some of the long ones."""
    rng = derive(1, "lengths")
    rows, n = [], 400
    for _ in range(n):
        ends = np.cumsum(rng.choice([2, 8], size=6)) - 1
        done = np.zeros(12, np.int64)
        done[ends[ends < 12]] = 1
        rows.append(done)
    done = np.concatenate(rows)
    data = replace(log(6 * n), done=done, shoppers=np.repeat(np.arange(n), 12))
    chances = np.full(data.places.shape, 0.5)
    usual = Episodes.of(data, chances, discount=1.0).there.sum(axis=1).mean()
    first = Episodes.of(data, chances, discount=1.0, first_only=True).there.sum(axis=1).mean()
    assert usual < 4.5
    assert abs(first - 5.0) < 0.4


def test_importance_sampling_finds_the_truth(episodes: Episodes) -> None:
    plain, weighted = per_decision(episodes), weighted_per_decision(episodes)
    assert covers(plain, 0.1)
    assert covers(weighted, 0.1)
    assert weighted.high - weighted.low < plain.high - plain.low
    assert 0 < plain.ess < 3_000


def test_doubly_robust_is_right_with_a_wrong_model_and_narrow_with_a_right_one(
    data: Experience, episodes: Episodes
) -> None:
    n = len(data)
    wrong = doubly_robust(episodes, np.full(n, 5.0), np.full(n, 5.0), weighted=False)
    ahead = np.where(np.arange(n) < 3_000, DISCOUNT * TARGET, 0.0)
    right = doubly_robust(episodes, data.places[:, 0].astype(np.float64) + ahead, TARGET + ahead)
    assert covers(wrong, 0.5)
    assert covers(right, 0.05)
    assert right.high - right.low < 0.5 * (wrong.high - wrong.low)


def test_fitted_q_finds_the_truth(data: Experience) -> None:
    last = data.done[:, None]
    shown = np.hstack([data.places == 1, data.places == 0, last, 1 - last]).astype(np.float64)
    chance = np.full((len(data), 1), TARGET)
    following = np.hstack([chance, 1 - chance, np.ones_like(chance), np.zeros_like(chance)])
    fitted = FittedQ.fit(
        shown, data.rewards.sum(axis=1), following, data.done, discount=DISCOUNT, rounds=50, reg=1e-6
    )
    begun = np.array([[TARGET, 1 - TARGET, 0.0, 1.0]])
    assert fitted.values(begun)[0] == pytest.approx(TRUTH, abs=0.05)


def test_features_of_slates_are_means_and_their_products() -> None:
    features = np.array([[[1.0, 0.0], [0.0, 2.0], [9.0, 9.0]]])
    found = slate_features(features, np.array([[0, 1, -1]]))
    assert found.tolist() == [[0.5, 1.0, 0.25, 0.5, 1.0]]


def test_logs_without_a_whole_episode_are_refused() -> None:
    data = log(4).take(np.arange(4))
    with pytest.raises(BadInputError, match="no episode"):
        Episodes.of(data, target(data), discount=0.9)
