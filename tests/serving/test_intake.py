"""POST /v1/events."""

from typing import Any

import pytest

from equipoise.events.facts import Event
from equipoise.events.sqlite import SQLiteLog
from equipoise.serving.state import State


def mine(state: State) -> list[Event]:
    """Return the events called "mine" in the log."""
    assert isinstance(state.log, SQLiteLog)
    return [fact for _, fact in state.log.facts() if isinstance(fact, Event) and fact.event_id == "mine"]


JSON = {"content-type": "application/json"}
CLICK = {"user_id": "u1", "item_id": "i3", "event_type": "click"}


def test_one_event_is_accepted_and_durable(client: Any, state: State) -> None:
    answer = client.post("/v1/events", json={**CLICK, "event_id": "mine"})
    assert answer.status_code == 200
    assert answer.json() == {"accepted": 1, "duplicates": 0, "rejected": []}
    kept = mine(state)
    assert [(event.user_id, event.item_id) for event in kept] == [("u1", "i3")]


def test_sent_again_it_counts_once(client: Any) -> None:
    client.post("/v1/events", json={**CLICK, "event_id": "mine"})
    again = client.post("/v1/events", json=[{**CLICK, "event_id": "mine"}, CLICK])
    assert again.json() == {"accepted": 1, "duplicates": 1, "rejected": []}
    assert client.get("/v1/users/u1").json()["counts"]["click"] == 2


def test_one_bad_event_never_rejects_the_others(client: Any) -> None:
    answer = client.post(
        "/v1/events", json=[CLICK, {**CLICK, "event_type": "stare"}, CLICK, 7, {"user_id": "u1"}]
    )
    assert answer.status_code == 200
    told = answer.json()
    assert told["accepted"] == 2
    assert [(each["index"], each["field"]) for each in told["rejected"]] == [
        (1, "event_type"),
        (3, "body"),
        (4, "event_type"),
    ]


def test_nothing_but_bad_events_is_a_problem(client: Any) -> None:
    answer = client.post("/v1/events", json=[{"user_id": "u1"}, {**CLICK, "value": "dear"}])
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert [each["index"] for each in answer.json()["rejected"]] == [0, 1]


def test_an_unknown_type_of_event_is_told_the_known_ones(client: Any) -> None:
    told = client.post("/v1/events", json={**CLICK, "event_type": "stare"}).json()
    assert told["detail"].startswith("invalid enum value 'stare'; choose one of view, click, ")


def test_what_is_not_json_is_said_as_it_is_spelt(client: Any) -> None:
    told = client.post("/v1/events", content=b'[{"user_id": NaN}]', headers=JSON).json()
    assert "JSON" in told["detail"]
    assert "jSON" not in told["detail"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"event_type": "stare"}, "event_type"),
        ({"event_type": None}, "event_type"),
        ({"user_id": None}, "user_id"),
        ({"user_id": ""}, "user_id"),
        ({"user_id": "a\nb"}, "user_id"),
        ({"user_id": "a\n"}, "user_id"),
        ({"user_id": "x" * 257}, "user_id"),
        ({"user_id": 7}, "user_id"),
        ({"item_id": None}, "item_id"),
        ({"value": "dear"}, "value"),
        ({"value": 1e300}, "value"),
        ({"position": -1}, "position"),
        ({"position": 1.5}, "position"),
        ({"position": 10**30}, "position"),
        ({"currency": "pounds"}, "currency"),
        ({"timestamp": "9999-12-31T23:59:59Z"}, "timestamp"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": -5}, "timestamp"),
        ({"timestamp": 1e30}, "timestamp"),
        ({"timestamp": True}, "timestamp"),
        ({"properties": []}, "properties"),
        ({"colour": "red"}, "colour"),
        ({"event_type": "impression", "item_id": None}, "recommendation_id"),
    ],
)
def test_a_bad_field_is_named(client: Any, change: dict[str, Any], field: str) -> None:
    answer = client.post("/v1/events", json={**CLICK, **change})
    assert answer.status_code == 400, answer.text
    told = answer.json()
    assert told["field"] == field
    assert told["detail"]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "truncated"),
        (b"{", "truncated"),
        (b"null", "object or an array"),
        (b"7", "object or an array"),
        (b"[]", "1 to 1,000"),
        (b"[" + b",".join([b"{}"] * 1001) + b"]", "1 to 1,000"),
        (b'{"user_id": "\xff"}', "UTF-8"),
        (b'{"user_id": "\\ud800"}', "not JSON"),
        (b'[{"user_id": "u", "event_type": "click", "item_id": "i", "value": NaN}]', "NaN"),
        (b"[" * 100_000, "deep"),
        (b'{"properties": {"a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}", "deep"),
    ],
)
def test_a_body_that_cannot_be_told_apart_is_a_problem(client: Any, body: bytes, word: str) -> None:
    answer = client.post("/v1/events", content=body, headers=JSON)
    assert answer.status_code == 400, answer.text
    assert word in answer.json()["detail"]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        ("2026-01-31T13:00:00+01:00", "2026-01-31T12:00:00Z"),
        ("2026-01-31T12:00:00", "2026-01-31T12:00:00Z"),
        (1_769_860_800, "2026-01-31T12:00:00Z"),
        (1_769_860_800.5, "2026-01-31T12:00:00.500000Z"),
        (1_769_860_800_000, "2026-01-31T12:00:00Z"),
        (1_769_860_800_000_000, "2026-01-31T12:00:00Z"),
    ],
)
def test_timestamps_come_as_iso_8601_or_epoch(client: Any, told: str | float, kept: str) -> None:
    event = {"user_id": "fresh", "item_id": "i3", "event_type": "view", "timestamp": told}
    assert client.post("/v1/events", json=event).status_code == 200
    assert client.get("/v1/users/fresh").json()["recent"] == [
        {"item_id": "i3", "event_type": "view", "timestamp": kept}
    ]


def test_an_item_that_is_not_in_the_catalogue_is_kept_all_the_same(client: Any) -> None:
    told = client.post("/v1/events", json={**CLICK, "user_id": "fresh", "item_id": "who knows"})
    assert told.json()["accepted"] == 1
    assert client.get("/v1/users/fresh").json() == {
        "user_id": "fresh",
        "known": True,
        "recent": [],
        "counts": {"click": 1},
    }


def test_an_impression_of_a_slate_needs_no_item(client: Any) -> None:
    told = {"session_id": "s", "event_type": "impression", "recommendation_id": "r", "position": 3}
    assert client.post("/v1/events", json=told).json()["accepted"] == 1


def test_a_thousand_at_once(client: Any) -> None:
    events = [{**CLICK, "event_id": f"n{number}"} for number in range(1000)]
    assert client.post("/v1/events", json=events).json()["accepted"] == 1000


def test_a_full_disk_acknowledges_nothing(client: Any, state: State) -> None:
    assert isinstance(state.log, SQLiteLog)
    state.log.close()
    answer = client.post("/v1/events", json=CLICK)
    assert answer.status_code == 503
    assert "nothing was acknowledged" in answer.json()["detail"]


def test_properties_are_kept(client: Any, state: State) -> None:
    client.post("/v1/events", json={**CLICK, "event_id": "mine", "properties": {"shelf": ["a", 1, None]}})
    assert mine(state)[0].properties == {"shelf": ["a", 1, None]}
