"""Who may ask, who may tell, and what another site may make a browser do."""

import base64
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from equipoise.errors import ConfigError
from equipoise.serving.auth import check_binding, is_loopback
from equipoise.serving.opening import opened
from equipoise.serving.routes import ROUTES
from equipoise.serving.settings import Server, Settings

READ, WRITE, BOTH = "read-key-1", "write-key-1", "both-keys-1"


def basic(key: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"anyone:{key}".encode()).decode()}


@pytest.fixture
def guarded(trained: Settings, client_of: Any) -> Iterator[Any]:
    server = Server(host="0.0.0.0", read_keys=(READ, BOTH), write_keys=(WRITE, BOTH))
    with opened(msgspec.structs.replace(trained, server=server)) as state:
        yield client_of(state, "http://shop.example")


def status(client: Any, route: Any, **headers: str) -> int:
    path = route.path.replace("{item_id}", "i1").replace("{user_id}", "u1")
    more = {"content": b"{}"} if route.takes is not None else {}
    headers = {"content-type": "application/json", **headers}
    return int(client.request(route.method, path, headers=headers, **more).status_code)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_keys_guard_every_route_but_health(guarded: Any, route: Any) -> None:
    if route.access == "open":
        assert status(guarded, route) == 200
        return
    mine, other = (READ, WRITE) if route.access == "read" else (WRITE, READ)
    assert status(guarded, route) == 401
    assert status(guarded, route, **{"x-api-key": "guess-guess"}) == 401
    assert status(guarded, route, **{"x-api-key": other}) == 403
    assert status(guarded, route, **{"x-api-key": mine}) not in (401, 403)
    assert status(guarded, route, **basic(BOTH)) not in (401, 403)


@pytest.mark.parametrize("path", ["/", "/static/api.js", "/openapi.json"])
def test_keys_guard_the_pages_and_a_browser_can_log_in(guarded: Any, path: str) -> None:
    asked = guarded.get(path)
    assert asked.status_code == 401
    assert asked.headers["www-authenticate"].startswith("Basic")
    assert guarded.get(path, headers=basic(READ)).status_code == 200


@pytest.mark.parametrize(
    "told", ["Basic", "Basic !!!", "Basic " + base64.b64encode(b"\xff:\xff").decode(), "Bearer x"]
)
def test_a_broken_login_is_no_login(guarded: Any, told: str) -> None:
    assert guarded.get("/v1/items", headers={"authorization": told}).status_code == 401


def test_a_key_that_is_no_text_is_refused(guarded: Any) -> None:
    assert guarded.get("/v1/items", headers={"x-api-key": b"\xff\xfe"}).status_code == 401


def test_another_site_cannot_use_a_login_that_the_browser_remembers(guarded: Any) -> None:
    mark = {"label": "x"}
    ours = {**basic(BOTH), "origin": "http://shop.example"}
    assert guarded.post("/dashboard/marks", json=mark, headers=ours).status_code == 201
    foreign = {**basic(BOTH), "origin": "http://evil.example"}
    assert guarded.post("/dashboard/marks", json=mark, headers=foreign).status_code == 403
    assert guarded.post("/dashboard/marks", json=mark, headers={**ours, "origin": "null"}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"host": "localhost:8000"}, True),
        ({"host": "[::1]:8000"}, True),
        ({"origin": "http://localhost:3000"}, True),
        ({"host": "rebound.example"}, False),
        ({"host": "127.0.0.1.evil.example"}, False),
        ({"host": "localhost.evil.example:8000"}, False),
        ({"host": "192.168.1.4"}, False),
        ({"host": "[::1"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
    ],
)
def test_without_keys_only_this_machine_is_answered(
    client: Any, headers: dict[str, str], allowed: bool
) -> None:
    answer = client.get("/v1/users/u1", headers=headers)
    assert answer.status_code == (200 if allowed else 403)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "shop.example"])
def test_an_open_address_without_keys_is_refused_in_one_line(host: str) -> None:
    with pytest.raises(ConfigError, match=r"server\.read_keys") as refusal:
        check_binding(Server(host=host))
    assert "\n" not in str(refusal.value)
    check_binding(Server(host=host, read_keys=(READ,), write_keys=(WRITE,)))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)
    check_binding(Server(host=host))
