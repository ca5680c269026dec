"""Slates of a cascade whose truth can be summed: unbiased where each estimator's assumption holds."""

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.intervals import Normal
from equipoise.evaluation.offpolicy.slates import (
    CascadeDR,
    IndependentIPS,
    LoggedSlates,
    PseudoInverse,
    RewardInteractionIPS,
    SlateChances,
    SlateIPS,
    SlateTarget,
)
from equipoise.evaluation.offpolicy.slates.slates import OfSlates
from equipoise.types import Floats, Ints

N, K, M = 40_000, 3, 4
QUICK = Normal()
LOGGING = np.array([[0.4, 0.3, 0.2, 0.1], [0.25, 0.25, 0.25, 0.25], [0.1, 0.4, 0.4, 0.1]])
TARGET = np.array([[0.1, 0.2, 0.3, 0.4], [0.4, 0.2, 0.2, 0.2], [0.2, 0.2, 0.3, 0.3]])
WORTH = np.array([0.1, 0.3, 0.5, 0.7])
ALONE = float((TARGET @ WORTH).sum())
"""What the target earns if a reward depends on the item at its position alone."""


def chances(policy: Floats, actions: Ints) -> SlateChances:
    """Each position is filled by itself, so that the three kinds are products of one another."""
    marginal = policy[np.arange(K), actions]
    cascade = np.cumprod(marginal, axis=1)
    return SlateChances(whole=cascade[:, -1], cascade=cascade, marginal=marginal)


def drawn(seed: int = 0, *, reading: bool = False) -> tuple[LoggedSlates, SlateTarget]:
    """Return slates; with `reading`, an item earns only if the one above did not."""
    rng = np.random.default_rng(seed)
    actions = (LOGGING.cumsum(axis=1)[None] < rng.random((N, K, 1))).sum(axis=2).clip(0, M - 1)
    rewards = (rng.random((N, K)) < WORTH[actions]).astype(float)
    if reading:
        rewards[:, 1:] *= 1.0 - np.maximum.accumulate(rewards, axis=1)[:, :-1]
    after = np.cumsum((TARGET @ WORTH)[::-1])[::-1]
    rest = np.append(after[1:], 0.0)
    log = LoggedSlates(rewards=rewards, logging=chances(LOGGING, actions), values=WORTH[actions] + rest)
    return log, SlateTarget(chances=chances(TARGET, actions), values=np.tile(after, (N, 1)))


ALL: list[OfSlates] = [
    SlateIPS(interval=QUICK),
    SlateIPS(interval=QUICK, self_normalised=True),
    IndependentIPS(interval=QUICK),
    IndependentIPS(interval=QUICK, self_normalised=True),
    RewardInteractionIPS(interval=QUICK),
    RewardInteractionIPS(interval=QUICK, self_normalised=True),
    PseudoInverse(interval=QUICK),
    CascadeDR(interval=QUICK),
]


@pytest.mark.parametrize("estimator", ALL, ids=lambda one: f"{type(one).__name__}")
def test_all_are_right_where_rewards_depend_on_their_item_alone(estimator: OfSlates) -> None:
    found = estimator.estimate(*drawn())
    assert found.value == pytest.approx(ALONE, abs=4.0 * found.error)
    assert found.low <= found.value <= found.high
    assert 0.0 < found.ess <= N


def test_the_fewer_positions_count_the_steadier() -> None:
    log, target = drawn()
    errors = [
        one.estimate(log, target).error
        for one in (CascadeDR(interval=QUICK), IndependentIPS(), RewardInteractionIPS(), SlateIPS())
    ]
    assert errors == sorted(errors)


def test_only_the_cascade_is_right_where_readers_stop() -> None:
    first, second, third = TARGET @ WORTH
    truth = first + (1 - first) * second + (1 - first) * (1 - second) * third
    log, target = drawn(reading=True)
    for right in (RewardInteractionIPS(interval=QUICK), SlateIPS(interval=QUICK)):
        found = right.estimate(log, target)
        assert found.value == pytest.approx(truth, abs=4.0 * found.error)
    wrong = IndependentIPS(interval=QUICK).estimate(log, target)
    assert abs(wrong.value - truth) > 4.0 * wrong.error


def test_shares_weigh_positions() -> None:
    log, target = drawn()
    found = RewardInteractionIPS(interval=QUICK, shares=(1.0, 0.0, 0.0)).estimate(log, target)
    assert found.value == pytest.approx(float(TARGET[0] @ WORTH), abs=4.0 * found.error)


def test_the_logging_policy_is_worth_what_was_earned() -> None:
    log, _ = drawn()
    for one in (SlateIPS(), IndependentIPS(), RewardInteractionIPS(), PseudoInverse()):
        found = one.estimate(log, SlateTarget(chances=log.logging))
        assert found.value == pytest.approx(log.rewards.sum(axis=1).mean())


def test_the_chances_of_one_kind_are_not_taken_for_another() -> None:
    log, target = drawn()
    only = SlateTarget(chances=SlateChances(cascade=target.chances.cascade))
    RewardInteractionIPS().estimate(log, only)
    for one in (SlateIPS(), IndependentIPS(), PseudoInverse()):
        with pytest.raises(BadInputError, match="do not both have"):
            one.estimate(log, only)
    with pytest.raises(BadInputError, match="cascade-DR"):
        CascadeDR().estimate(log, only)


def test_step_by_step() -> None:
    told = SlateChances.step_by_step(np.array([[0.5, 0.5], [1.0, 0.25]]))
    assert told.whole is not None
    np.testing.assert_allclose(told.whole, [0.25, 0.25])
    assert told.marginal is None


@pytest.mark.parametrize(
    ("rewards", "cascade", "words"),
    [
        (np.zeros((2, 2)), np.array([[0.5, 0.0], [1.0, 1.0]]), "did happen"),
        (np.full((2, 2), np.nan), np.ones((2, 2)), "finite"),
        (np.zeros((1, 2)), np.ones((1, 2)), "two slates"),
        (np.zeros((2, 2)), np.full((2, 2), 1.5), r"\[0, 1\]"),
    ],
)
def test_bad_slates_are_refused(rewards: Floats, cascade: Floats, words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        LoggedSlates(rewards=rewards, logging=SlateChances(cascade=cascade))
