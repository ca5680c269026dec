"""Opening a shop: untrained, trained on another log, and the dashboard's figures through a restart."""

import time
from typing import Any

import pytest

from equipoise.errors import ArtifactError
from equipoise.events.facts import Item
from equipoise.events.sqlite import SQLiteLog
from equipoise.serving.opening import opened
from equipoise.serving.settings import Settings


def test_before_training_everything_but_slates_works(settings: Settings, client_of: Any) -> None:
    with opened(settings) as state:
        client = client_of(state)
        assert client.put("/v1/items", json={"item_id": "mug", "title": "Mug"}).json()["accepted"] == 1
        event = {"user_id": "u", "item_id": "mug", "event_type": "view"}
        assert client.post("/v1/events", json=event).json()["accepted"] == 1
        assert client.get("/v1/users/u").json()["recent"][0]["item_id"] == "mug"
        for path in ("/health/ready", "/v1/items/mug/similar", "/dashboard/figures"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert "equipoise train" in answer.json()["detail"]
        assert client.post("/v1/recommendations", json={"user_id": "u"}).status_code == 503
        assert client.get("/health/live").status_code == 200


def test_a_recommender_of_another_log_is_refused(trained: Settings) -> None:
    trained.storage.log.unlink()
    with SQLiteLog(trained.storage.log) as log:
        log.append([Item(item_id="other", timestamp=1)])
    with pytest.raises(ArtifactError, match="another log"), opened(trained):
        pass


def figures(client: Any, slates: int) -> dict[str, Any]:
    """Return the figures once they count so many slates."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        answer = client.get("/dashboard/figures")
        if answer.status_code == 200 and answer.json()["totals"]["slates"] == slates:
            break
        time.sleep(0.05)
    told: dict[str, Any] = answer.json()
    return told


def test_the_dashboard_counts_through_a_restart(trained: Settings, client_of: Any) -> None:
    with opened(trained) as state:
        client = client_of(state)
        for _ in range(4):
            client.post("/v1/recommendations", json={"user_id": "u1", "k": 5})
        assert client.post("/dashboard/marks", json={"label": "sale starts"}).status_code == 201
        told = figures(client, 4)
        assert told["totals"]["impressions"] == 20
        assert [mark["label"] for mark in told["marks"]] == ["sale starts"]
        assert told["currency"] == "GBP"
        assert told["least_known"][0]["title"]
        assert told["least_known"][0]["considered"] > 0
        assert told["decisions"][0]["user_id"] == "u1"
    with opened(trained) as state:
        assert figures(client_of(state), 4)["totals"]["impressions"] == 20
