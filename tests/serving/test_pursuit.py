"""A floor of engagement in the server: the price rises while it lacks, and is what policies learn from."""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from equipoise.balance.objectives import Objective
from equipoise.data.rewards import RewardWeights
from equipoise.events.facts import Choice, Decision, Event, EventType, Fact
from equipoise.random import derive
from equipoise.serving.opening import opened
from equipoise.serving.pursuit import Pursuit
from equipoise.serving.settings import Aim, Settings, Variant

from .test_learner import settled

EARNS = RewardWeights(click=0.0, purchase=1.0)


def slate(number: int, variant: str) -> Decision:
    shown = Choice(item_id="i1", position=0, score=0.0, propensity=1.0, explored=False, source="x")
    return Decision(
        recommendation_id=f"r{number}",
        user_id="u",
        session_id=None,
        surface="home",
        timestamp=number,
        policy="balanced",
        policy_version=1,
        variant=variant,
        candidates=("i1",),
        scores=np.zeros(1),
        features_version="1",
        slate=(shown,),
        exploration=0.0,
        reason="greedy",
        features=np.zeros((1, 1), np.float32),
    )


def event(number: int, kind: EventType, item: str = "i1") -> Event:
    return Event(
        event_id=f"e{number}{kind}",
        event_type=kind,
        timestamp=number,
        recommendation_id=f"r{number}",
        item_id=item,
        user_id="u",
    )


def begun(floor: float = 0.9) -> Pursuit:
    objective = Objective(earns=EARNS, floor=floor, rate=0.01)
    return Pursuit(lagrangian=objective.start(), reference="clicks", learning=frozenset({"policy"}))


def lived(pursuit: Pursuit, *, clicks: float, slates: int = 2_000) -> Pursuit:
    """Serve slates of which one in ten of the reference's is clicked, and `clicks` of the others'."""
    rng, seq = derive(3, "pursuit"), 0
    for number in range(slates):
        variant = "clicks" if number % 5 == 0 else "policy"
        facts: list[tuple[int, Fact]] = [(seq + 1, slate(number, variant))]
        chance = 0.1 if variant == "clicks" else clicks
        facts += [(seq + 2, event(number, "click"))] if rng.random() < chance else []
        facts += [(seq + 3, event(number, "purchase"))] if rng.random() < 0.05 else []
        pursuit.add(facts, after=seq)
        seq += 3
    return pursuit


def test_engagement_gets_a_price_while_it_lacks_and_none_while_it_does_not() -> None:
    lacking, enough = lived(begun(), clicks=0.04), lived(begun(), clicks=0.12)
    assert lacking.lagrangian.share == pytest.approx(0.4, abs=0.15)
    assert lacking.lagrangian.price > 0.0
    assert lacking.rewards["policy"].click == lacking.lagrangian.price
    assert lacking.rewards["policy"].purchase == 1.0
    assert lacking.rewards["clicks"].click == 1.0
    assert lacking.rewards["clicks"].purchase == 0.0
    assert enough.lagrangian.price == 0.0


def test_facts_read_again_and_items_not_on_the_slate_count_nothing() -> None:
    pursuit = begun()
    facts: list[tuple[int, Fact]] = [
        (1, slate(0, "policy")),
        (2, event(0, "click")),
        (3, event(0, "purchase", item="i9")),
    ]
    pursuit.add(facts, after=0)
    once = pursuit.lagrangian
    assert (once.engaged.total, once.engaged.count, once.earned.total) == (1.0, 1.0, 0.0)
    pursuit.add(facts, after=3)
    assert pursuit.lagrangian.engaged == once.engaged
    # But the slates of the past are known again, so that what comes late for them counts.
    fresh = begun()
    fresh.add(facts, after=3)
    fresh.add([(4, event(0, "purchase"))], after=3)
    assert fresh.lagrangian.earned.total == 1.0


def test_variants_that_do_not_learn_are_not_held_to_the_floor() -> None:
    pursuit = begun()
    pursuit.add([(1, slate(0, "uniform")), (2, event(0, "click"))], after=0)
    assert pursuit.lagrangian.engaged.count == 0.0
    assert "uniform" not in pursuit.rewards


@pytest.fixture
def aimed(trained: Settings) -> Settings:
    variants = {
        "policy": Variant(policy="lin_boltzmann", share=0.5),
        "clicks": Variant(policy="lin_boltzmann", share=0.5),
    }
    rewards = RewardWeights(click=0.0, purchase=1.0)
    learning = msgspec.structs.replace(trained.learning, rewards=rewards)
    aim = Aim(reference="clicks", floor=1.0)
    return msgspec.structs.replace(trained, variants=variants, objective=aim, learning=learning)


def visit(client: Any, variant: str, kind: str | None, number: int) -> None:
    asked = {"user_id": f"u{number}", "k": 2, "context": {"variant": variant}}
    told = client.post("/v1/recommendations", json=asked).json()
    for each in [] if kind is None else [kind]:
        happened = {
            "user_id": f"u{number}",
            "item_id": told["items"][0]["item_id"],
            "event_type": each,
            "recommendation_id": told["recommendation_id"],
        }
        assert client.post("/v1/events", json=happened).status_code == 200


def test_the_server_learns_a_price_and_keeps_it_through_a_restart(
    aimed: Settings, client_of: Callable[..., Any]
) -> None:
    with opened(aimed) as state:
        client = client_of(state)
        assert client.get("/v1/exploration").json()["objective"] == {
            "reference": "clicks",
            "floor": 1.0,
            "kept": 1.0,
            "price": 0.0,
        }
        for number in range(12):
            visit(client, "clicks", "click", number)
            kind = "click" if number % 4 == 0 else "purchase"
            visit(client, "policy", kind, 100 + number)
        settled(state)
        told = client.get("/v1/exploration").json()["objective"]
        assert told["kept"] == pytest.approx(0.25, abs=0.05)
        assert told["price"] > 0.0
    with opened(aimed) as state:
        again = client_of(state).get("/v1/exploration").json()["objective"]
        assert again["price"] == pytest.approx(told["price"])
    other = msgspec.structs.replace(aimed, objective=Aim(reference="clicks", floor=0.5))
    with opened(other) as state:
        assert client_of(state).get("/v1/exploration").json()["objective"]["price"] == 0.0


def test_without_a_floor_nothing_is_said_of_it(client: Any) -> None:
    assert client.get("/v1/exploration").json()["objective"] is None
