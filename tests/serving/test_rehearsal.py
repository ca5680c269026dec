"""The rehearsal: everything is called once, and nothing is left of it."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.policy import Options, Slates
from equipoise.policies.uniform import Uniform
from equipoise.serving.rehearsal import rehearse
from equipoise.serving.state import State


@dataclass(frozen=True, slots=True)
class Noting:
    """Draws uniformly and notes what it is asked to learn from."""

    lessons: list[LoggedFeedback]

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        return Uniform().start(0).decide(options, k, rng=rng)

    def propensities(self, options: Options, actions: np.ndarray) -> np.ndarray:
        return Uniform().start(0).propensities(options, actions)

    def update(self, feedback: LoggedFeedback) -> "Noting":
        self.lessons.append(feedback)
        return self


@dataclass(frozen=True, slots=True)
class Broken(Noting):
    """Cannot learn."""

    def update(self, feedback: LoggedFeedback) -> "Noting":
        raise ZeroDivisionError


def rehearsed(state: State, policy: Noting) -> None:
    name, arm = next(iter(state.arms.items()))
    arms = {name: arm.carrying(policy, version=1)}
    rehearse(arms, state.shelf.catalogue, 4, now=0)


def rows(state: State) -> int:
    return sum(len(batch["seq"]) for batch in state.log.scan("decisions"))


def test_every_arm_learns_once_from_successes_failures_and_late_news(state: State) -> None:
    lessons: list[LoggedFeedback] = []
    rehearsed(state, Noting(lessons))
    (lesson,) = lessons
    assert len(lesson) == 5
    assert {0.0, 1.0} == set(lesson.rewards.tolist()) == set(lesson.impressions.tolist())


def test_nothing_is_left_of_it(state: State) -> None:
    before, spent, kept = dict(state.arms), state.steward.state(), rows(state)
    rehearse(state.arms, state.shelf.catalogue, 4, now=0)
    assert all(state.arms[name] is arm for name, arm in before.items())
    assert state.steward.state() == spent
    assert rows(state) == kept


def test_a_policy_that_fails_is_logged_and_the_server_opens(
    state: State, caplog: pytest.LogCaptureFixture
) -> None:
    rehearsed(state, Broken([]))
    assert "rehearsal failed" in caplog.text


def test_a_shop_without_goods_is_no_obstacle(state: State) -> None:
    catalogue = replace(state.shelf.catalogue, available=np.zeros(len(state.shelf.catalogue), np.bool_))
    rehearse(state.arms, catalogue, 4, now=0)
