"""Long-term values from a log: what pleases later is learnt from, though another item earns more at once."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from equipoise.data.rewards import RewardWeights
from equipoise.data.situation import Situation
from equipoise.errors import BadInputError
from equipoise.events.facts import Choice, Decision, Event, Fact, Item
from equipoise.events.sqlite import SQLiteLog
from equipoise.models.reinforcement.guard import DivergedError
from equipoise.models.reinforcement.registry import named
from equipoise.random import derive
from equipoise.training.long_term import from_log, learnt_from

N, SECOND = 10, 1_000_000
START = 1_700_000_000 * SECOND


def facts(shoppers: int = 150) -> Iterator[Fact]:
    """Items 0 to 4 are clicked at once, but who got one leaves; items 5 to 9 bring five more visits.

    Buyers buy 5 to 9 again, so the log says what they have in common.
    """
    rng = derive(1, "log")
    for code in range(N):
        yield Item(item_id=f"i{code}", timestamp=START, title=f"thing {code}", price=2.0)
    for user in range(40):
        for time, item in enumerate((user % 5, 5 + user % 5, 5 + user % 5)):
            yield event("purchase", f"buyer{user}", item, START + time * SECOND, None)
    for who in range(shoppers):
        stays, now = True, START + (100 + who) * SECOND
        for visit in range(6):
            if not stays:
                break
            item = int(rng.integers(N))
            now += SECOND // 100
            name = f"r{who}-{visit}"
            yield decided(name, f"u{who}", item, now)
            if rng.random() < (0.9 if item < 5 else 0.4):
                yield event("click", f"u{who}", item, now + 1, name)
            stays = item >= 5


def event(kind: str, who: str, item: int, at: int, name: str | None) -> Event:
    return Event(
        event_id=f"{kind}-{who}-{at}",
        event_type=kind,  # type: ignore[arg-type]
        timestamp=at,
        user_id=who,
        item_id=f"i{item}",
        recommendation_id=name,
    )


def decided(name: str, who: str, item: int, at: int) -> Decision:
    choice = Choice(item_id=f"i{item}", position=0, score=0.0, propensity=1 / N, explored=False, source="x")
    return Decision(
        recommendation_id=name,
        user_id=who,
        session_id=None,
        surface="home",
        timestamp=at,
        policy="uniform",
        policy_version=1,
        variant="policy",
        candidates=tuple(f"i{code}" for code in range(N)),
        scores=np.arange(N, dtype=np.float64)[::-1].copy(),
        features_version="1",
        slate=(choice,),
        exploration=1.0,
        reason="greedy",
    )


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SQLiteLog]:
    with SQLiteLog(tmp_path / "log.db") as log:
        log.append(list(facts()))
        yield log


def test_what_brings_shoppers_back_is_worth_more_than_what_is_clicked_at_once(log: SQLiteLog) -> None:
    learner = from_log("double_dqn", sizes=(16,), learning_rate=5e-3)
    found = learnt_from(log, learner, rewards=RewardWeights(), updates=200, patience_days=1e-6)
    worth = found.scores(np.arange(N), np.arange(N)[::-1].astype(float), Situation.nothing())
    assert worth[5:].min() > worth[:5].max()
    assert found.steps > 200
    assert found.learned_until == log.last()


def test_from_a_log_all_slates_count_alike_and_the_far_future_too() -> None:
    learner = from_log("slate_q", batch_size=32)
    assert learner == named("slate_q", batch_size=32, discount=0.99, tracking=0.05, priority=0.0)
    assert from_log("reinforce", discount=0.5) == named(
        "reinforce", discount=0.5, tracking=0.05, priority=0.0
    )


def test_a_loss_that_is_no_number_stops_with_a_line(log: SQLiteLog) -> None:
    learner = named("double_dqn", learning_rate=1e18, sizes=(16,))
    with pytest.raises(DivergedError, match="training stopped; the last artifact stands"):
        learnt_from(log, learner, rewards=RewardWeights(click=1e30), updates=200, patience_days=1e-6)


def test_too_few_slates_are_refused(tmp_path: Path) -> None:
    with SQLiteLog(tmp_path / "log.db") as log:
        log.append(list(facts(2)))
        with pytest.raises(BadInputError, match="100 are needed"):
            learnt_from(log, named("double_dqn"), rewards=RewardWeights(), updates=1)


def test_unknown_learners_are_refused() -> None:
    with pytest.raises(BadInputError, match="slate_q"):
        named("magic")
