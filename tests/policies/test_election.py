"""The compiled walks do what the sampler does with the same weights."""

from dataclasses import replace

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import NOTHING, Options, named
from equipoise.policies.election import Elected, Votes
from equipoise.policies.sampler import Slot, draw_slates, replay_slates, worth_left
from equipoise.random import derive

NAMES = ["cover", "lin_thompson", "lin_ucb"]
M, D = 9, 4


def options(n: int, *, seed: int = 1) -> Options:
    rng = derive(seed, "offer")
    masked = rng.random((n, M)) < 0.2
    return Options(
        items=np.where(masked, NOTHING, rng.integers(0, 50, (n, M))),
        scores=np.zeros((n, M)),
        features=np.round(rng.normal(size=(n, M, D))),
        context=np.zeros((n, 0)),
    )


def policy(name: str) -> Elected:
    rng = derive(2, "seen")
    features = rng.normal(size=(200, D))
    feedback = LoggedFeedback(
        items=np.zeros(200, np.int64),
        features=features,
        positions=np.zeros(200, np.int64),
        propensities=np.full(200, 0.2),
        rewards=features @ np.array([0.2, -0.1, 0.0, 0.1]) + rng.normal(size=200),
        impressions=np.ones(200),
    )
    started = named(name).start(D)
    assert isinstance(started, Elected)
    return started.update(feedback)  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("name", NAMES)
def test_one_request_draws_the_same_slates_as_the_sampler(name: str) -> None:
    chosen = policy(name)
    for row in range(100):
        asked = options(1, seed=row)
        worth, weigh = chosen.weighing(asked)
        left = worth_left(worth, asked.items)
        plain = draw_slates(left, weigh, 5, rng=derive(row, "draw"))
        fast = chosen.decide(asked, 5, rng=derive(row, "draw"))
        np.testing.assert_array_equal(fast.actions, plain.actions)
        np.testing.assert_array_equal(fast.explored, plain.explored)
        np.testing.assert_allclose(fast.propensities, plain.propensities)
        np.testing.assert_allclose(fast.exploration, plain.exploration, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_it_replays_what_the_sampler_replays(name: str) -> None:
    chosen, asked = policy(name), options(300)
    actions = derive(3, "any").integers(-1, M, (300, 4))
    worth, weigh = chosen.weighing(asked)
    plain = replay_slates(worth_left(worth, asked.items), weigh, actions)
    np.testing.assert_allclose(chosen.propensities(asked, actions), plain)


def slot(left: list[float]) -> Slot:
    worth = np.array([left])
    return Slot(
        0, worth, worth.max(axis=1, keepdims=True), np.zeros((1, 1), np.int64), np.zeros((1, 0), int), 0
    )


def test_a_voter_splits_its_vote_among_equals() -> None:
    ballots = np.array([[[1.0, 0.0], [1.0, 2.0], [0.0, 0.0]]])
    np.testing.assert_allclose(Votes(np.zeros((1, 3)), ballots)(slot([0.0, 0.0, 0.0])), [[0.25, 0.75, 0.0]])


def test_the_floor_is_a_chance_for_each_that_is_left() -> None:
    ballots = np.array([[[1.0], [0.0], [0.0]]])
    weigh = Votes(np.zeros((1, 3)), ballots, floor=0.1)
    np.testing.assert_allclose(weigh(slot([0.0, 0.0, 0.0])), [[0.8, 0.1, 0.1]])
    np.testing.assert_allclose(weigh(slot([-np.inf, 0.0, 0.0])), [[0.0, 0.5, 0.5]])


def test_worth_that_what_is_above_changes_changes_the_vote() -> None:
    ballots = np.array([[[1.0], [0.9]]])
    weigh = Votes(np.zeros((1, 2)), ballots)
    np.testing.assert_allclose(weigh(slot([-0.2, 0.0])), [[0.0, 1.0]])


@pytest.mark.parametrize("name", NAMES)
def test_options_of_other_features_are_refused(name: str) -> None:
    asked = options(2)
    with pytest.raises(BadInputError, match="features: the policy knows 4, but the options have 3"):
        policy(name).decide(replace(asked, features=asked.features[:, :, :3]), 1, rng=derive(1, "draw"))
