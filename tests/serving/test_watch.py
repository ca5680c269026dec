"""What a slate earned when its time was up."""

import numpy as np
import pytest

from equipoise.balance.guardrail import Guard, Guardrail, Verdict
from equipoise.data.rewards import RewardWeights
from equipoise.events.facts import Choice, Decision, Event, EventType
from equipoise.serving import watch as module
from equipoise.serving.luck import luck
from equipoise.serving.watch import SECOND, Watch

TRIED = Verdict(chance=0.3, explore=True)


class Closed(Guard):
    """A guard that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__(Guardrail(loss=0.5))
        self.rewards: list[float] = []

    def close(self, verdict: Verdict, reward: float) -> None:
        self.rewards.append(reward)
        Guard.close(self, verdict, reward)


def decision(name: str, at: int) -> Decision:
    slate = tuple(
        Choice(item_id=item, position=place, score=0.0, propensity=1.0, explored=False, source="popular")
        for place, item in enumerate("ab")
    )
    return Decision(
        recommendation_id=name,
        user_id="u",
        session_id=None,
        surface="home",
        timestamp=at * SECOND,
        policy="uniform",
        policy_version=1,
        variant="policy",
        candidates=("a", "b"),
        scores=np.zeros(2),
        features_version="1",
        slate=slate,
        exploration=0.0,
        reason="greedy",
    )


def event(about: str, kind: EventType, *, item: str | None = "a", position: int | None = None) -> Event:
    return Event(
        event_id=f"{about}{kind}{item}{position}",
        event_type=kind,
        timestamp=0,
        recommendation_id=about,
        item_id=item,
        position=position,
    )


@pytest.fixture
def guard() -> Closed:
    return Closed()


@pytest.fixture
def watch(guard: Closed) -> Watch:
    return Watch(guard, RewardWeights(), seconds=10.0, seed=7)


def test_a_slate_is_closed_with_what_came_in_time(watch: Watch, guard: Closed) -> None:
    watch.open(decision("one", 0), TRIED)
    watch.open(decision("two", 5), TRIED)
    for told in (
        event("one", "click"),
        event("one", "cart", item=None, position=1),
        event("one", "purchase", item="elsewhere"),
        event("one", "purchase", item=None, position=9),
        event("three", "purchase"),
    ):
        watch.happened(told)
    watch.verdict("next", 9 * SECOND)
    assert guard.rewards == []
    watch.verdict("next", 10 * SECOND)
    watch.happened(event("one", "purchase"))
    watch.verdict("next", 15 * SECOND)
    assert guard.rewards == [pytest.approx(0.7), 0.0]
    assert watch.reading.pending == 0


def test_so_many_slates_are_watched_at_once(
    watch: Watch, guard: Closed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST", 3)
    for number in range(5):
        watch.open(decision(str(number), 0), TRIED)
    watch.verdict("next", 0)
    assert len(guard.rewards) == 2


def test_a_slate_nobody_saw_is_forgotten(watch: Watch, guard: Closed) -> None:
    watch.open(decision("one", 0), TRIED)
    watch.drop("one")
    watch.verdict("next", 99 * SECOND)
    assert (guard.rewards, guard.pending) == ([], 0)


def test_luck_is_uniform_and_the_same_each_time() -> None:
    drawn = np.array([luck(7, "guardrail", str(number)) for number in range(4_000)])
    assert np.histogram(drawn, 10, (0, 1))[0].min() > 320
    assert luck(7, "guardrail", "1") == drawn[1]
    assert luck(8, "guardrail", "1") != drawn[1]
