import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy import (
    Folds,
    LoggedActions,
    MeanRewards,
    Regression,
    RidgeRewards,
    predicted,
)
from equipoise.evaluation.offpolicy.learners import logistic, ridge
from equipoise.evaluation.offpolicy.prediction import RewardModel
from offpolicy_synthetic import Synthetic

WORLD = Synthetic(n_actions=4, sharp=0.5)


@pytest.fixture(scope="module")
def log() -> LoggedActions:
    return WORLD.drawn(4_000, np.random.default_rng(0))[0]


@pytest.mark.parametrize(
    ("model", "error"),
    [
        (MeanRewards(), 0.25),
        (Regression(learner=logistic), 0.25),
        (Regression(learner=ridge), 0.25),
        (RidgeRewards(), 0.07),
    ],
    ids=["mean", "logistic", "linear", "ridge"],
)
def test_rewards_are_learned(model: RewardModel, error: float, log: LoggedActions) -> None:
    assert log.contexts is not None
    found = predicted(log, model).predictions
    assert found is not None
    assert np.sqrt(np.mean((found - WORLD.rewards(log.contexts)) ** 2)) < error


def test_no_round_is_predicted_from_itself() -> None:
    """One round in which an action earned a fortune: its own prediction must not know of it."""
    rewards = np.zeros(60)
    rewards[17] = 1_000.0
    actions = np.arange(60) % 30
    log = LoggedActions(actions=actions, rewards=rewards, propensities=np.full(60, 1 / 30), n_actions=30)
    table = predicted(log, MeanRewards(prior=1e-9)).predictions
    assert table is not None
    assert table[17, 17] < 1e-3


def test_positions_have_means_of_their_own() -> None:
    log = LoggedActions(
        actions=np.zeros(900, int),
        rewards=np.tile([1.0, 0.0, 0.5], 300),
        propensities=np.ones(900),
        positions=np.tile([0, 1, 2], 300),
        n_actions=1,
    )
    table = predicted(log, MeanRewards(prior=1.0)).predictions
    assert table is not None
    np.testing.assert_allclose(table[:3, 0], [1.0, 0.0, 0.5], atol=0.01)


def test_every_round_is_in_one_part() -> None:
    parts = [part for _, part in Folds(count=3, seed=1).of(10)]
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(10))
    with pytest.raises(BadInputError, match="at least 2"):
        Folds(count=1)
    with pytest.raises(BadInputError, match="the 2 rounds that can be used are too few for 3 folds"):
        list(Folds(count=3).of(2))
