"""What is at stake in a visit: read off the session, and told as the reason where it held a slate back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import msgspec
import numpy as np
import pytest

from equipoise.balance.signals import Stage
from equipoise.data.content import TextEncoder
from equipoise.data.feedback import LoggedFeedback
from equipoise.data.rewards import RewardWeights
from equipoise.events.facts import Item
from equipoise.policies.uniform import UniformPolicy
from equipoise.serving.memory import Memory
from equipoise.serving.opening import opened
from equipoise.serving.settings import Exploration, Settings, Variant
from equipoise.serving.shelf import Shelf
from equipoise.serving.state import State
from equipoise.serving.visit import SESSION, visit_of
from equipoise.types import Floats

from .conftest import START

MONEY = RewardWeights(purchase=0.0, value=1.0, margin=2.0)
ASKING = [("user", "u1")]


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf(TextEncoder((), np.zeros(0, np.float32)))
    shelf.put([Item(item_id=f"i{n}", timestamp=0, price=10.0 * n, margin=float(n)) for n in range(4)])
    return shelf


def remembered(*events: tuple[int, int, str]) -> Memory:
    memory = Memory(items=50, visitors=10)
    for time, item, kind in events:
        memory.add(("user", "u1"), time, item, kind)
    return memory


def test_the_stage_follows_the_session(shelf: Shelf) -> None:
    def stage(*events: tuple[int, int, str], surface: str = "home") -> Stage:
        memory = remembered(*events)
        return visit_of(memory, ASKING, shelf, MONEY, item=None, surface=surface, now=100).stage

    assert stage() == Stage.ARRIVING
    assert stage((1, 1, "view")) == Stage.BROWSING
    assert stage((1, 1, "cart")) == Stage.DECIDING
    assert stage((1, 1, "cart"), (2, 1, "remove_from_cart")) == Stage.BROWSING
    assert stage((1, 1, "cart"), (2, 1, "purchase")) == Stage.BROWSING
    assert stage((1, 1, "cart"), surface="checkout") == Stage.PAYING


def test_what_is_at_stake_is_what_a_purchase_would_earn(shelf: Shelf) -> None:
    memory = remembered((1, 1, "view"), (2, 3, "cart"))
    visit = visit_of(memory, ASKING, shelf, MONEY, item=None, surface="home", now=100)
    assert (visit.worth, visit.basket) == ((12.0 + 36.0) / 2, 36.0)
    looking = visit_of(Memory(items=5, visitors=5), ASKING, shelf, MONEY, item=2, surface="home", now=100)
    assert (looking.worth, looking.basket) == (24.0, 0.0)


def test_a_basket_of_a_session_that_is_over_says_nothing(shelf: Shelf) -> None:
    memory = remembered((1, 3, "cart"))
    visit = visit_of(memory, ASKING, shelf, MONEY, item=None, surface="home", now=SESSION + 2)
    assert (visit.stage, visit.worth, visit.basket) == (Stage.ARRIVING, None, 0.0)


ASKED = {"user_id": "u1", "k": 1, "surface": "home"}


@dataclass(frozen=True, slots=True)
class Restless(UniformPolicy):
    """A policy that learns, and whatever it learns explores as before."""

    def update(self, feedback: LoggedFeedback) -> Self:
        return self

    @classmethod
    def start(cls, n_features: int, prior_mean: Floats | None = None) -> "Restless":
        return cls()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    restless = Variant(policy=f"{__name__}:Restless", share=1.0)
    return msgspec.structs.replace(settings, variants={**settings.variants, "policy": restless})


def carted(client: Any, item: str) -> None:
    event = {"user_id": "u1", "item_id": item, "event_type": "cart"}
    assert client.post("/v1/events", json=event).status_code == 200


def reasons(client: Any, n: int = 60, *, variant: str = "policy") -> list[dict[str, Any]]:
    asked = {**ASKED, "context": {"variant": variant}}
    return [client.post("/v1/recommendations", json=asked).json() for _ in range(n)]


def test_a_full_basket_holds_exploring_back_and_says_so(client: Any) -> None:
    event = {"user_id": "u1", "item_id": "i3", "event_type": "view"}
    assert client.post("/v1/events", json=event).status_code == 200
    before = reasons(client, 20)
    assert {told["reason"] for told in before} <= {"uncertain", "greedy"}
    for item in ("i1", "i5", "i7", "i9"):
        carted(client, item)
    after = reasons(client)
    held = [told for told in after if not told["items"][0]["explored"]]
    # Four in the basket and one to come: a fifth of the exploring is left.
    assert 0.5 < len(held) / len(after) < 0.98
    assert {told["reason"] for told in held} == {"deciding"}
    for told in after:
        assert told["exploration"] == pytest.approx(before[0]["exploration"] / 5, rel=0.03)
    assert client.get("/v1/exploration").json()["refused"]["deciding"]["positions"] > 30


def test_a_policy_that_does_not_learn_is_left_alone(client: Any) -> None:
    """It is there to compare with: held back it would be another policy."""
    for item in ("i1", "i5", "i7", "i9"):
        carted(client, item)
    told = reasons(client, 40, variant="random")
    assert {each["reason"] for each in told} <= {"uniform", "greedy"}
    assert client.get("/v1/exploration").json()["refused"] == {}


def test_a_shop_may_explore_everywhere_alike(trained: Settings, client_of: Callable[..., Any]) -> None:
    alike = msgspec.structs.replace(trained, exploration=Exploration(careful=False))
    with opened(alike) as state:
        client = client_of(state)
        for item in ("i1", "i5", "i7", "i9"):
            carted(client, item)
        assert {told["reason"] for told in reasons(client, 10)} <= {"uncertain", "greedy"}
        assert client.get("/v1/exploration").json()["signals"] is None


def test_a_surface_with_few_requests_is_quiet_also_after_a_restart(
    trained: Settings, client_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = 3_600_000_000
    with opened(trained) as state:
        client = client_of(state)
        for number in range(4):
            at = START + number * hour
            monkeypatch.setattr("equipoise.serving.recommendations.now", lambda at=at: at)
            client.post("/v1/recommendations", json=ASKED)
    monkeypatch.setattr("equipoise.serving.recommendations.now", lambda: START + 4 * hour)
    with opened(trained) as state:
        told = reasons(client_of(state), 20)
        held = {each["reason"] for each in told if not each["items"][0]["explored"]}
        assert "quiet_surface" in held


def test_the_signals_can_be_read(client: Any, state: State) -> None:
    event = {"user_id": "u1", "item_id": "i3", "event_type": "view"}
    assert client.post("/v1/events", json=event).status_code == 200
    reasons(client, 3)
    told = client.get("/v1/exploration").json()["signals"]
    assert told["new_items"] == 0.0
    assert told["usual_stake"] == pytest.approx(state.settings.learning.rewards.purchase)
    assert told["traffic"]["home"] > 0.0
    client.put("/v1/items", json={"item_id": "arrived", "title": "just in"})
    reasons(client, 3)
    assert 0.0 < client.get("/v1/exploration").json()["signals"]["new_items"] < 0.5
