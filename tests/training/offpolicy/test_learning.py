"""Learning from logs whose truth is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from equipoise.artifact import load_artifact, save_artifact
from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.estimators import SelfNormalisedIPS
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.prediction import RidgeRewards, predicted
from equipoise.evaluation.offpolicy.sources.decided import Decided
from equipoise.policies import Options, SoftmaxLinearPolicy
from equipoise.policies.policy import NOTHING
from equipoise.random import derive
from equipoise.training.offpolicy import DR, IPS, SNIPS, Choices, Objective, PolicyGradient, as_target
from equipoise.training.offpolicy.gradient import NO_GUESSES
from equipoise.training.offpolicy.guesses import guessed
from equipoise.training.offpolicy.walk import pull, walk
from equipoise.types import Floats

N, ACTIONS, CONTEXT = 8_000, 4, 2
OBJECTIVES: list[Objective] = [IPS(), SNIPS(), DR()]


def earns(contexts: Floats) -> Floats:
    """Return the chance of a reward by action: which is best depends on the context."""
    tastes = np.array([[2.0, 0.0], [-2.0, 0.0], [0.0, 2.0], [0.0, -2.0]])
    chances: Floats = 1.0 / (1.0 + np.exp(1.0 - contexts @ tastes.T))
    return chances


def logged(n: int = N, *, seed: int = 1) -> LoggedActions:
    """A log by a policy that prefers action 0 whatever the context."""
    rng = derive(seed, "log")
    contexts = rng.normal(size=(n, CONTEXT))
    logging = np.array([0.4, 0.2, 0.2, 0.2])
    actions = rng.choice(ACTIONS, size=n, p=logging)
    rewards = (rng.random(n) < earns(contexts)[np.arange(n), actions]) + 0.0
    return LoggedActions(
        actions=actions,
        rewards=rewards,
        propensities=logging[actions],
        n_actions=ACTIONS,
        contexts=contexts,
    )


def worth(policy: SoftmaxLinearPolicy, seed: int = 9) -> tuple[float, float]:
    """Return what `policy` truly earns a round, and what the best one would."""
    contexts = derive(seed, "asked").normal(size=(20_000, CONTEXT))
    n = len(contexts)
    options = Options(
        items=np.broadcast_to(np.arange(ACTIONS), (n, ACTIONS)),
        scores=np.zeros((n, ACTIONS)),
        features=np.zeros((n, ACTIONS, 1)),
        context=contexts,
    )
    truth = earns(contexts)
    chances = np.column_stack(
        [policy.propensities(options, np.full((n, 1), action))[:, 0] for action in range(ACTIONS)]
    )
    return float((chances * truth).sum(axis=1).mean()), float(truth.max(axis=1).mean())


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda one: type(one).__name__)
def test_it_comes_near_the_best_policy(objective: Objective) -> None:
    log = predicted(logged(), RidgeRewards())
    learned = PolicyGradient(objective=objective).fit(Choices.of_actions(log))
    earned, best = worth(learned.policy)
    assert learned.reached > learned.imitated
    assert earned > log.rewards.mean() + 0.85 * (best - log.rewards.mean())


def test_it_is_judged_on_another_log() -> None:
    learned = PolicyGradient().fit(Choices.of_actions(logged()))
    judged, log = (
        SelfNormalisedIPS().estimate(logged(seed=2), as_target(learned.policy, logged(seed=2))),
        logged(),
    )
    assert judged.low < worth(learned.policy)[0] < judged.high
    assert judged.low > log.rewards.mean()


def test_the_same_log_gives_the_same_bits() -> None:
    choices = Choices.of_actions(logged(500))
    one, two = (PolicyGradient().fit(choices).policy for _ in range(2))
    np.testing.assert_array_equal(one.weights, two.weights)
    np.testing.assert_array_equal(one.items, two.items)


def test_adding_a_number_to_all_rewards_changes_nothing_for_snips() -> None:
    log = logged(1_000)
    shifted = replace(log, rewards=log.rewards + 5.0)
    one, two = (PolicyGradient().fit(Choices.of_actions(each)).policy for each in (log, shifted))
    np.testing.assert_allclose(one.items, two.items, atol=0.02)


def test_the_penalty_keeps_it_near_the_log() -> None:
    choices = Choices.of_actions(logged(300))
    bold, careful = (
        PolicyGradient(objective=SNIPS(penalty=penalty)).fit(choices).policy.items for penalty in (0.0, 5.0)
    )
    assert np.abs(careful).max() < np.abs(bold).max()


def slates(n: int, *, seed: int = 2) -> list[Decided]:
    """Uniform slates of 2 of 6 items with scores that are right on average, but not about item 5.

    Item 5 has the lowest score and earns most; the second position is seen by every other reader.
    """
    rng = derive(seed, "slates")
    items = np.stack([rng.permutation(6) for _ in range(n)])
    items[::10, 5] = NOTHING
    order = np.where(items == NOTHING, np.inf, rng.random((n, 6))).argsort(axis=1)[:, :2]
    left = (items != NOTHING).sum(axis=1)
    shown = np.take_along_axis(items, order, axis=1)
    clicked = rng.random((n, 2)) < CLICKS[shown] * np.array([1.0, 0.5])
    return [
        Decided(
            options=Options(
                items=items[part],
                scores=SCORES[items[part]],
                features=np.zeros((len(items[part]), 6, 1)),
                context=np.zeros((len(items[part]), 0)),
            ),
            actions=order[part],
            propensities=1.0 / np.stack((left, left - 1), axis=1)[part],
            rewards=clicked[part] + 0.0,
            seen=np.ones(len(items[part]), np.bool_),
        )
        for part in (slice(0, n // 2), slice(n // 2, n))
    ]


CLICKS = np.array([0.3, 0.25, 0.2, 0.15, 0.1, 0.6])
SCORES = np.array([5.0, 4.0, 3.0, 2.0, 1.0, 0.0])


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda one: type(one).__name__)
def test_it_learns_which_items_of_slates_earn_against_their_scores(objective: Objective) -> None:
    choices = guessed(Choices.of_decisions(slates(6_000), newest=6_000), seed=1)
    policy = PolicyGradient(objective=objective).fit(choices).policy
    options = Options(
        items=np.arange(6)[None], scores=SCORES[None], features=np.zeros((1, 6, 1)), context=np.zeros((1, 0))
    )
    above = np.argsort(-policy.weighing(options)[0][0])
    assert above[:2].tolist() == [5, 0]
    assert policy.propensities(options, np.array([[5]]))[0, 0] > 0.6


def test_only_the_newest_decisions_are_kept() -> None:
    whole = Choices.of_decisions(slates(600), newest=600)
    newest = Choices.of_decisions(slates(600), newest=400)
    assert len(newest) == 400
    np.testing.assert_array_equal(newest.items, whole.items[200:])
    np.testing.assert_array_equal(newest.rewards, whole.rewards[200:])


@pytest.mark.parametrize("objective", [*OBJECTIVES, IPS(clip=1.5), SNIPS(clip=1.5, penalty=3.0)], ids=repr)
def test_slopes_are_those_of_the_objective(objective: Objective) -> None:
    """Against differences of the value itself, in each worth of a few rows."""
    choices = guessed(Choices.of_decisions(slates(40), newest=40), seed=1)
    at, there = derive(3, "worth").normal(size=choices.items.shape), choices.items != NOTHING
    assert choices.guesses is not None
    guesses = choices.guesses.astype(np.float64)

    def value(worth: Floats) -> float:
        return objective.of(choices, *walk(worth, there, choices.actions, guesses)).value

    found = objective.of(choices, *walk(at, there, choices.actions, guesses))
    slope = pull(at, there, choices.actions, guesses, found.on_chance, found.on_value)
    for row, place in ((0, 0), (0, 5), (7, 2), (10, 5), (33, 1)):
        step = np.zeros_like(at)
        step[row, place] = 1e-6
        difference = (value(at + step) - value(at - step)) / 2e-6
        assert slope[row, place] == pytest.approx(difference, abs=1e-6)


def test_chances_are_those_of_the_policy() -> None:
    (piece, _) = slates(20)
    choices = Choices.of_decisions([piece], newest=20)
    policy = SoftmaxLinearPolicy(weights=np.array([0.7, 0.3]), items=derive(4, "items").normal(size=(6, 1)))
    worths = policy.worth(choices.told, choices.items, choices.context)
    chances, _ = walk(worths, choices.items != NOTHING, choices.actions, NO_GUESSES)
    np.testing.assert_allclose(chances, policy.propensities(piece.options, piece.actions), rtol=1e-6)


def test_dr_needs_guesses() -> None:
    with pytest.raises(BadInputError, match="--objective: dr needs a reward model"):
        PolicyGradient(objective=DR()).fit(Choices.of_actions(logged(100)))


def test_too_little_to_learn_from_is_told() -> None:
    with pytest.raises(BadInputError, match="--log: holds no decision"):
        Choices.of_decisions([], newest=10)


def test_another_context_is_refused(tmp_path: Path) -> None:
    policy = PolicyGradient().fit(Choices.of_actions(logged(200))).policy
    save_artifact(policy, tmp_path / "learned")
    loaded = load_artifact(SoftmaxLinearPolicy, tmp_path / "learned")
    options = Options(
        items=np.arange(3)[None],
        scores=np.zeros((1, 3)),
        features=np.zeros((1, 3, 1)),
        context=np.zeros((1, 0)),
    )
    with pytest.raises(BadInputError, match="context: the policy knows 2 numbers of a request, not 0"):
        loaded.decide(options, 1, rng=derive(1, "draw"))
