"""What holds for every route: problems, methods, sizes, the log line, the headers."""

import json
import logging
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipoise.serving.routes import ROUTES

FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
BODIES = [route for route in ROUTES if route.takes is not None]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = sorted({field for route in BODIES for field in route.takes.__struct_fields__})  # type: ignore[union-attr]


def sent(client: Any, route: Any, body: bytes) -> int:
    answer = client.request(
        route.method, route.path, content=body, headers={"content-type": "application/json"}
    )
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]
    return int(answer.status_code)


@FUZZ
@given(route=st.sampled_from(BODIES), body=st.binary(max_size=300))
def test_no_bytes_make_a_server_error(client: Any, route: Any, body: bytes) -> None:
    assert sent(client, route, body) < 500


@FUZZ
@given(route=st.sampled_from(BODIES), told=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6) | JSON)
def test_no_json_makes_a_server_error(client: Any, route: Any, told: Any) -> None:
    assert sent(client, route, json.dumps(told).encode()) < 500


@FUZZ
@given(path=st.text(max_size=40), query=st.text(max_size=20))
def test_no_path_makes_a_server_error(client: Any, path: str, query: str) -> None:
    for prefix in ("/", "/v1/items/", "/v1/users/", "/static/"):
        answer = client.get(prefix + quote(path, safe="/.%"), params={"k": query, "ids": query})
        assert answer.status_code < 500


def test_a_body_beyond_the_limit_is_refused_by_its_length(client: Any) -> None:
    answer = client.post(
        "/v1/events", content=b"x" * 10_000_000, headers={"content-type": "application/json"}
    )
    assert answer.status_code == 413
    assert "2,000,000 bytes" in answer.json()["detail"]


def test_a_body_beyond_the_limit_is_refused_while_it_streams(client: Any) -> None:
    taken = []

    async def stream() -> AsyncIterator[bytes]:
        for number in range(100):
            taken.append(number)
            yield b"x" * 100_000

    answer = client.post("/v1/events", content=stream(), headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert len(taken) < 30


@pytest.mark.parametrize(
    "told", [None, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"]
)
def test_a_body_that_is_not_said_to_be_json_is_refused(client: Any, told: str | None) -> None:
    headers = {} if told is None else {"content-type": told}
    answer = client.post("/v1/events", content=b"{}", headers=headers)
    assert answer.status_code == 415
    assert answer.json()["field"] == "content-type"


def test_a_wrong_method_is_told_the_right_ones(client: Any) -> None:
    answer = client.request("DELETE", "/v1/items")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, PUT"


def test_an_unknown_path_is_not_found(client: Any) -> None:
    answer = client.get("/v2/items")
    assert answer.status_code == 404
    assert "/openapi.json" in answer.json()["detail"]


def test_head_is_get_without_the_body(client: Any) -> None:
    answer = client.request("HEAD", "/health/live")
    assert answer.status_code == 200
    assert answer.content == b""


def test_every_refusal_is_a_log_line(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "equipoise.serving"):
        client.post("/v1/recommendations", json={"k": -1})
    (record,) = caplog.records
    assert record.__dict__["told"]["path"] == "/v1/recommendations"
    assert record.__dict__["told"]["status"] == 400


def test_a_failure_of_ours_is_a_problem_too_and_the_server_lives_on(
    client: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("equipoise.recommenders.recommender.Recommender.recommend", broken)
    answer = client.post("/v1/recommendations", json={"user_id": "u1"})
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert caplog.records[-1].exc_info is not None
    assert client.get("/health/live").status_code == 200


def test_metrics_count_what_happened(client: Any) -> None:
    client.post("/v1/recommendations", json={"user_id": "u1", "k": 4})
    client.post("/v1/events", json={"user_id": "u1", "item_id": "i1", "event_type": "cart"})
    client.get("/nowhere")
    told = client.get("/metrics").text
    lines = [line for line in told.splitlines() if not line.startswith("#")]
    assert all(line.startswith("equipoise_") for line in lines)
    assert 'equipoise_requests_total{route="/v1/events",status="200"} 1.0' in lines
    assert 'equipoise_requests_total{route="none",status="404"} 1.0' in lines
    assert 'equipoise_slates_total{variant="policy"} 1.0' in lines
    assert 'equipoise_events_total{type="cart"} 1.0' in lines
    assert any(line.startswith("equipoise_log_commit_seconds_count 2") for line in lines)
    assert any(line.startswith("equipoise_policy_version") for line in lines)
    assert any(line.startswith("equipoise_learner_lag_seconds") for line in lines)


def test_health(client: Any) -> None:
    assert client.get("/health/live").json()["status"] == "live"
    ready = client.get("/health/ready").json()
    assert ready["status"] == "ready"
    assert ready["items"] == 40
    assert set(ready["policies"]) == {"policy", "greedy", "random"}


def test_answers_decode_as_the_types_of_the_table(client: Any) -> None:
    asked = {"user_id": "u1", "k": 3}
    for path, kind in (("/v1/items/i1", "ItemOut"), ("/v1/items", "ItemList"), ("/v1/users/u1", "UserOut")):
        types = {route.gives.__name__: route.gives for route in ROUTES if route.gives is not None}
        msgspec.json.decode(client.get(path).content, type=types[kind])
    answer = client.post("/v1/recommendations", json=asked)
    msgspec.json.decode(answer.content, type=types["RecommendationOut"])
