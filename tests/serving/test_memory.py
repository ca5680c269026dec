"""Trails of visitors, live and read back from the log."""

from typing import Any

import msgspec

from equipoise.events.facts import EVENT_TYPES
from equipoise.serving.memory import Memory, Trail
from equipoise.serving.opening import opened
from equipoise.serving.settings import Memory as Section
from equipoise.serving.settings import Settings
from equipoise.serving.state import State

U, S = ("user", "u"), ("session", "s")


def remembered(*events: tuple[Any, int, int, str], items: int = 50, visitors: int = 10) -> Memory:
    memory = Memory(items=items, visitors=visitors)
    for event in events:
        memory.add(*event)
    return memory


def test_events_are_in_the_order_of_their_times_not_of_their_arrival() -> None:
    memory = remembered((U, 3, 30, "view"), (U, 1, 10, "view"), (U, 2, 20, "cart"))
    assert memory.history([U]).tolist() == [10, 20, 30]


def test_the_oldest_are_forgotten_first() -> None:
    memory = remembered(*((U, time, time, "view") for time in range(9)), items=3)
    assert memory.history([U]).tolist() == [6, 7, 8]


def test_what_was_taken_back_or_merely_shown_is_no_wish() -> None:
    kinds = ("remove_from_cart", "return", "impression", "purchase")
    memory = remembered(*((U, time, time, kind) for time, kind in enumerate(kinds)))
    assert memory.history([U]).tolist() == [3]
    trail = memory.trail(U)
    assert trail is not None
    assert sum(trail.counts.values()) == 4


def test_both_trails_merge_by_time_and_a_shared_event_counts_once() -> None:
    memory = remembered((U, 1, 10, "view"), (S, 2, 20, "view"), (U, 3, 30, "view"), (S, 3, 30, "view"))
    assert memory.history([U, S]).tolist() == [10, 20, 30]


def test_by_which_events_and_when_is_told_too() -> None:
    met = remembered((U, 1, 10, "view"), (S, 2, 20, "view"), (U, 3, 30, "purchase")).histories([U, S])
    assert met.items.tolist() == [10, 20, 30]
    assert met.kinds is not None
    assert [EVENT_TYPES[kind] for kind in met.kinds] == ["view", "view", "purchase"]
    assert met.times is not None
    assert met.times.tolist() == [1, 2, 3]
    assert len(remembered().histories([U]).items) == 0


def test_the_visitor_idle_longest_is_forgotten() -> None:
    memory = remembered((("user", "a"), 1, 1, "view"), (("user", "b"), 2, 2, "view"), visitors=2)
    memory.add(("user", "a"), 3, 3, "view")
    memory.add(("user", "c"), 4, 4, "view")
    assert memory.trail(("user", "b")) is None
    assert memory.history([("user", "a")]).tolist() == [1, 3]


def test_an_unknown_visitor_has_no_history() -> None:
    assert remembered().history([U, S]).tolist() == []


def trails(state: State) -> dict[Any, tuple[Any, ...]]:
    def plain(trail: Trail) -> tuple[Any, ...]:
        return list(trail.times), list(trail.items), list(trail.types), dict(trail.counts)

    return {visitor: plain(trail) for visitor, trail in state.memory.trails()}


def test_a_restart_remembers_the_same(trained: Settings, client_of: Any) -> None:
    with opened(trained) as state:
        client = client_of(state)
        for number in range(60):
            event = {"item_id": f"i{number % 45}", "event_type": "view", "session_id": f"s{number % 3}"}
            who = {"user_id": "u1"} if number % 2 else {}
            client.post("/v1/events", json={**event, **who})
        client.post("/v1/events", json={"session_id": "s1", "event_type": "impression", "item_id": "i1"})
        before = trails(state)
        assert len(before) == 63
    with opened(trained) as state:
        assert trails(state) == before


def test_a_restart_keeps_the_visitors_seen_last(trained: Settings) -> None:
    with opened(msgspec.structs.replace(trained, memory=Section(items=4, visitors=7))) as state:
        assert len(state.memory) == 7
        assert all(len(trail.times) == 4 for _, trail in state.memory.trails())
