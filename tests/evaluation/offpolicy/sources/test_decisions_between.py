"""A part of a log of decisions: what lies between two facts, by one policy."""

from pathlib import Path

import numpy as np
import pytest

from equipoise.evaluation.offpolicy.sources.decisions import DecisionLog
from equipoise.evaluation.offpolicy.sources.tables import item_ids
from equipoise.events.facts import Choice, Decision, Event, Item
from equipoise.events.sqlite import SQLiteLog


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Items c, b, a, and then ten decisions: five of `one`, five of `other`; the even ones are clicked."""
    path = tmp_path_factory.mktemp("stretch") / "log.db"
    with SQLiteLog(path) as kept:
        kept.append([Item(item_id=name, timestamp=1) for name in "cba"])
        for number in range(10):
            shown = Choice(item_id="a", position=0, score=1, propensity=0.5, explored=False, source="popular")
            decision = Decision(
                recommendation_id=f"r{number}",
                user_id="u",
                session_id=None,
                surface="home",
                timestamp=number,
                policy="one" if number < 5 else "other",
                policy_version=1,
                variant="v",
                candidates=("a", "b"),
                scores=np.array([2.0, 1.0]),
                features_version="1",
                slate=(shown,),
                exploration=0.0,
                reason="",
            )
            click = Event(
                event_id=f"e{number}",
                event_type="click",
                timestamp=number,
                user_id="u",
                item_id="a",
                recommendation_id=f"r{number}",
            )
            kept.append([decision, click] if number % 2 == 0 else [decision])
    return path


def test_codes_are_those_of_the_shop(log: Path) -> None:
    assert item_ids(log) == ["c", "b", "a"]
    (piece,) = DecisionLog(path=log).pieces()
    assert set(piece.options.items[0].tolist()) == {1, 2}
    shown = np.take_along_axis(piece.options.items, piece.actions, axis=1)
    assert (shown == 2).all()


def test_what_lies_between_two_facts(log: Path) -> None:
    numbers = DecisionLog(path=log).numbers()
    assert len(numbers) == 10
    stretch = DecisionLog(path=log, after=int(numbers[1]), until=int(numbers[6]))
    (piece,) = stretch.pieces()
    assert (piece.rewards[:, 0] > 0).tolist() == [True, False, True, False, True]
    assert (stretch.first, stretch.last) == (numbers[2], numbers[6])
    assert stretch.policies == {"one": 3, "other": 2}


def test_one_policy_alone(log: Path) -> None:
    assert sum(map(len, DecisionLog(path=log, policy="other").pieces())) == 5
    assert list(DecisionLog(path=log, policy="nobody").pieces()) == []
    assert sum(map(len, DecisionLog(path=log, variant="v").pieces())) == 10
