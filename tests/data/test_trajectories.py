"""The log as trajectories: each slate with the situation it met and what it earned, none from the future."""

import numpy as np

from equipoise.data.rewards import RewardWeights
from equipoise.data.trajectories import Trajectories, Trajectory
from equipoise.events.facts import Choice, Decision, Event, Fact

SECOND = 1_000_000


def decided(number: int, *, at: int, user: str | None = "u") -> Decision:
    slate = [
        Choice(item_id=item, position=place, score=1.0, propensity=0.5, explored=False, source="s")
        for place, item in enumerate(("a", "b"))
    ]
    return Decision(
        recommendation_id=f"r{number}",
        user_id=user,
        session_id=f"{user}-s{number}",
        surface="home",
        timestamp=at * SECOND,
        policy="p",
        policy_version=1,
        variant="policy",
        candidates=("a", "b", "c"),
        scores=np.array([3.0, 2.0, 1.0]),
        features_version="1",
        slate=tuple(slate),
        exploration=0.0,
        reason="greedy",
    )


def happened(kind: str, item: str, *, at: int, number: int | None = None, user: str = "u") -> Event:
    return Event(
        event_id=f"{kind}{item}{at}",
        event_type=kind,  # type: ignore[arg-type]
        timestamp=at * SECOND,
        user_id=user,
        session_id=None if number is None else f"{user}-s{number}",
        item_id=item,
        recommendation_id=None if number is None else f"r{number}",
    )


def read(*facts: Fact, patience: int = 100) -> list[Trajectory]:
    codes = {"a": 0, "b": 1, "c": 2}
    found = Trajectories(
        encode=lambda item: codes.get(item, -1), rewards=RewardWeights(), patience=patience * SECOND
    )
    found.add(enumerate(facts, 1))
    assert found.until == len(facts)
    return list(found.found())


def test_a_step_knows_what_was_before_it_and_earns_what_came_after() -> None:
    (found,) = read(
        happened("view", "c", at=1),
        decided(1, at=2),
        happened("click", "b", at=3, number=1),
        happened("purchase", "b", at=4, number=1),
        decided(2, at=5),
    )
    first, second = found.steps
    assert first.situation.items.tolist() == [2]
    np.testing.assert_allclose(first.rewards, [0.0, 1.2])
    assert (first.clicked, second.clicked) == (1, -1)
    assert second.situation.items.tolist() == [2, 1, 1]
    assert not second.situation.here.any()


def test_who_was_silent_for_long_has_left() -> None:
    told = (decided(1, at=1, user="gone"), decided(2, at=50, user="here"), decided(3, at=101, user="here"))
    assert {one.shopper: one.over for one in read(*told)} == {"user gone": True, "user here": False}


def test_unknown_items_and_unlogged_slates_teach_nothing() -> None:
    (found,) = read(
        decided(1, at=1), happened("click", "z", at=2, number=1), happened("click", "a", at=2, number=9)
    )
    assert found.steps[0].rewards.tolist() == [0.0, 0.0]
