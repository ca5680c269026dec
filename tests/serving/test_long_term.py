"""Long-term values in a running shop: published, taken up, weighed where the settings say so, refused."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from equipoise.models.reinforcement.values import Network
from equipoise.recommenders.long_term import ABOUT, LONG_TERM, OWN, LongTerm, Terms
from equipoise.serving.opening import opened
from equipoise.serving.settings import Settings, Variant
from equipoise.store import ArtifactStore

from .conftest import N_ITEMS

LIKED = 7
ASK: dict[str, Any] = {"user_id": "u1", "session_id": "s1", "k": 3}


def values(name: str = "i") -> LongTerm:
    """Values that hold item 7, and what is in its group of one, above all others."""
    terms = Terms(
        groups=(np.arange(N_ITEMS) == LIKED).astype(np.int64),
        again=np.zeros(N_ITEMS),
        prices=np.zeros(N_ITEMS),
        n_groups=2,
    )
    d = terms.n_own + len(ABOUT)
    weight = np.zeros((d, 1), np.float32)
    weight[len(OWN) + 1] = 5.0
    net = Network(
        mean=np.zeros(d, np.float32),
        scale=np.ones(d, np.float32),
        weights=(weight,),
        biases=(np.zeros(1, np.float32),),
    )
    ids = tuple(f"{name}{code}" for code in range(N_ITEMS))
    return LongTerm(terms=terms, values=net, vocabulary=ids, learner="Known", steps=5, learned_until=1)


def looking(settings: Settings) -> Settings:
    variants = {
        "policy": Variant(policy="lin_greedy", share=1.0),
        "ahead": Variant(policy="lin_greedy", long_term=1.0),
    }
    return msgspec.structs.replace(settings, variants=variants)


def until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + 10.0
    while not so() and time.monotonic() < end:
        time.sleep(0.01)


def slate(client: Any, variant: str) -> dict[str, Any]:
    answer = client.post("/v1/recommendations", json={**ASK, "context": {"variant": variant}})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_what_is_published_while_it_runs_counts_where_the_settings_say_so(
    trained: Settings, client_of: Callable[..., Any]
) -> None:
    store = ArtifactStore(folder=trained.storage.artifacts)
    with opened(looking(trained)) as state:
        client = client_of(state)
        before = slate(client, "ahead")
        store.publish(values(), LONG_TERM)
        until(lambda: state.arms["ahead"].foresees)
        after, plain = slate(client, "ahead"), slate(client, "policy")
        assert after["items"][0]["item_id"] == f"i{LIKED}"
        assert after["policy_version"] > before["policy_version"]
        assert [one["item_id"] for one in plain["items"]] != [one["item_id"] for one in after["items"]]
        assert plain["policy_version"] == before["policy_version"]
        assert state.arms["ahead"].title == "lin_greedy, looks ahead 100%"
        assert state.arms["policy"].title == "lin_greedy"


def test_a_restart_looks_ahead_from_the_first_request(
    trained: Settings, client_of: Callable[..., Any]
) -> None:
    ArtifactStore(folder=trained.storage.artifacts).publish(values(), LONG_TERM)
    with opened(looking(trained)) as state:
        assert slate(client_of(state), "ahead")["items"][0]["item_id"] == f"i{LIKED}"


def test_values_of_another_log_are_passed_over(trained: Settings, client_of: Callable[..., Any]) -> None:
    store = ArtifactStore(folder=trained.storage.artifacts)
    store.publish(values("other"), LONG_TERM)
    with opened(looking(trained)) as state:
        assert not state.arms["ahead"].foresees
        assert slate(client_of(state), "ahead")["items"]


def test_a_memory_tells_the_situation_of_user_and_session(
    trained: Settings, client_of: Callable[..., Any]
) -> None:
    with opened(looking(trained)) as state:
        client = client_of(state)
        events = [
            {"user_id": "u99", "event_type": "click", "item_id": "i3"},
            {"user_id": "u99", "session_id": "s9", "event_type": "cart", "item_id": "i5"},
        ]
        assert client.post("/v1/events", json=events).status_code == 200
        found = state.memory.situation([("user", "u99"), ("session", "s9")], 10**18)
        assert found.items.tolist() == [3, 5]
        assert found.here.tolist() == [False, True]
        assert found.in_cart().tolist() == [5]


def test_a_gated_policy_is_served_as_it_was_judged(trained: Settings) -> None:
    with opened(looking(trained)) as state:
        arm = replace(state.arms["ahead"]).foreseeing(values(), version=9)
        assert arm.foresees
        assert not arm.near_sighted().foresees
