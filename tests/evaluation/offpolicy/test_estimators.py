"""Values worked out by hand, on four rounds of two actions."""

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy import LoggedActions, Target
from equipoise.evaluation.offpolicy.estimators import (
    IPS,
    MIPS,
    BalancedIPS,
    BalancedLoggersIPS,
    DirectMethod,
    DoublyRobust,
    Replay,
    SelfNormalisedDR,
    SelfNormalisedIPS,
    ShrinkageDR,
    SubGaussianIPS,
    SwitchDR,
)
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds
from equipoise.evaluation.offpolicy.intervals import Normal
from equipoise.evaluation.offpolicy.learners import multinomial

LOG = LoggedActions(
    actions=np.array([0, 1, 0, 1]),
    rewards=np.array([1.0, 0.0, 2.0, 4.0]),
    propensities=np.array([0.5, 0.5, 0.8, 0.2]),
    n_actions=2,
    predictions=np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 3.0], [1.0, 3.0]]),
    logging=np.array([[0.5, 0.5], [0.5, 0.5], [0.8, 0.2], [0.8, 0.2]]),
    mixture=np.array([0.5, 0.5, 0.4, 0.4]),
)
TARGET = Target.of(np.array([[1.0, 0.0], [0.5, 0.5], [0.4, 0.6], [0.0, 1.0]]), LOG)
# Weights 2, 1, 0.5, 5; weighted rewards 2, 0, 1, 20. The model expects 1, 1, 2.2, 3 of the target, and is off
# by 0, -1, 1, 1 of what was logged.
CASES: list[tuple[OfRounds, float]] = [
    (IPS(), 23 / 4),
    (IPS(clip=2.0), (2 + 0 + 1 + 8) / 4),
    (SelfNormalisedIPS(), 23 / 8.5),
    (DirectMethod(), 7.2 / 4),
    (DoublyRobust(), (7.2 + 0 - 1 + 0.5 + 5) / 4),
    (DoublyRobust(clip=2.0), (7.2 + 0 - 1 + 0.5 + 2) / 4),
    (SwitchDR(threshold=2.0), (7.2 + 0 - 1 + 0.5) / 4),
    (ShrinkageDR(shrinkage=1.0), (7.2 + 0 - 1 / 2 + 0.5 / 1.25 + 5 / 26) / 4),
    (SelfNormalisedDR(), 7.2 / 4 + 4.5 / 8.5),
    (SubGaussianIPS(mix=0.5), (2 / 1.5 + 0 + 2 * 0.5 / 0.75 + 4 * 5 / 3) / 4),
    (SubGaussianIPS(mix=1.0), 7 / 4),
    (Replay(), (1.0 + 4.0) / 2),
    (BalancedIPS(weights=np.array([1.0, 1.0, 2.0, 0.0])), 5 / 4),
    (BalancedLoggersIPS(), (2 + 0 + 2 * 0.4 / 0.4 + 4 / 0.4) / 4),
    (MIPS(categories=np.array([[3], [3]])), 7 / 4),
]


@pytest.mark.parametrize(("estimator", "value"), CASES, ids=lambda case: type(case).__name__)
def test_by_hand(estimator: OfRounds, value: float) -> None:
    found = type(estimator)(**(vars(estimator) | {"interval": Normal()})).estimate(LOG, TARGET)
    assert found.value == pytest.approx(value)


def test_replay_without_a_match_knows_nothing() -> None:
    found = Replay(interval=Normal()).estimate(LOG, Target.of(np.array([0.5, 0.5]), LOG))
    assert (found.value, found.ess) == (0.0, 0.0)


def test_random_embeddings() -> None:
    chances = np.array([[[0.9], [0.1]], [[0.3], [0.7]]]).transpose(0, 1, 2)
    found = MIPS(embeddings=np.array([[0], [1], [0], [1]]), chances=chances).estimate(LOG, TARGET)
    weights = np.array([0.9 / 0.6, 1.0, 0.54 / 0.78, 0.7 / (0.08 + 0.14)])
    assert found.value == pytest.approx(float((weights * LOG.rewards).mean()))


def test_embeddings_must_be_of_one_kind() -> None:
    with pytest.raises(BadInputError, match="categories"):
        MIPS()


def test_confidence_must_be_a_share() -> None:
    with pytest.raises(BadInputError, match="confidence"):
        IPS(confidence=95).estimate(LOG, TARGET)


def test_balanced_ips_learns_weights_from_actions_alone() -> None:
    rng = np.random.default_rng(0)
    actions = (rng.random(6_000) < 0.3).astype(int)
    log = LoggedActions(
        actions=actions,
        rewards=np.where(actions == 1, 1.0, 0.2),
        propensities=np.full(6_000, 0.5),  # wrong on purpose: they must not be looked at
        n_actions=2,
    )
    found = BalancedIPS(classifier=multinomial).estimate(log, Target.of(np.array([0.2, 0.8]), log))
    assert found.value == pytest.approx(0.84, abs=0.02)
