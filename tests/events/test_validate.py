from collections.abc import Callable
from typing import Any

import pytest

from equipoise.events.facts import Event, Item
from equipoise.events.validate import check_event, check_item

MakeEvent = Callable[..., Event]
DEEP: dict[str, Any] = {}
for _ in range(100_000):
    DEEP = {"a": DEEP}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"user_id": None, "session_id": "s"},
        {"event_type": "impression", "user_id": None, "item_id": None, "recommendation_id": "r"},
        {"event_type": "impression", "user_id": None, "item_id": "i"},
        {"value": -5.0, "quantity": 2.0, "currency": "EUR", "position": 0},
        {"user_id": "日本語 " * 10, "properties": {"a": [1, {"b": None}], "c": "é\n"}},
        {"timestamp": 0},
    ],
)
def test_what_can_be_kept(event: MakeEvent, fields: dict[str, Any]) -> None:
    assert check_event(event(1, **fields)) is None


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("event_id", {"event_id": ""}),
        ("event_id", {"event_id": "x" * 257}),
        ("event_type", {"event_type": "stare"}),
        ("timestamp", {"timestamp": -1}),
        ("timestamp", {"timestamp": 253_402_300_000_000_000}),
        ("user_id", {"user_id": None}),
        ("user_id", {"user_id": "a\x00b"}),
        ("session_id", {"session_id": "\ud800"}),
        ("item_id", {"item_id": None}),
        ("item_id", {"item_id": "two\nlines"}),
        ("recommendation_id", {"event_type": "impression", "item_id": None}),
        ("recommendation_id", {"recommendation_id": "r" * 1_000}),
        ("value", {"value": float("nan")}),
        ("value", {"value": float("inf")}),
        ("value", {"value": 1e300}),
        ("quantity", {"quantity": float("-inf")}),
        ("currency", {"currency": "eur"}),
        ("currency", {"currency": "EURO"}),
        ("position", {"position": -1}),
        ("position", {"position": 10_001}),
        ("properties", {"properties": {"a": float("nan")}}),
        ("properties", {"properties": {"a": [{"b": float("inf")}]}}),
        ("properties", {"properties": {"a": "x" * 20_000}}),
        ("properties", {"properties": {"a": "\ud800"}}),
        ("properties", {"properties": {"a": {1, 2, object}}}),
        ("properties", {"properties": DEEP}),
    ],
)
def test_what_cannot_is_told_by_its_field(event: MakeEvent, field: str, fields: dict[str, Any]) -> None:
    fault = check_event(event(1, **fields))
    assert fault is not None
    assert fault[0] == field
    assert "\n" not in fault[1]


def test_items_that_can_be_kept() -> None:
    assert check_item(Item(item_id="i", timestamp=1)) is None
    assert (
        check_item(Item(item_id="i", timestamp=1, title="Mug\n<b>", price=0.0, margin=-1.0, currency="GBP"))
        is None
    )


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("item_id", {"item_id": ""}),
        ("timestamp", {"timestamp": -5}),
        ("title", {"title": "x" * 10_001}),
        ("description", {"description": "\x00"}),
        ("brand", {"brand": "\udfff"}),
        ("categories", {"categories": ("a",) * 51}),
        ("categories", {"categories": ("x" * 10_001,)}),
        ("price", {"price": float("nan")}),
        ("price", {"price": -1.0}),
        ("margin", {"margin": float("inf")}),
        ("currency", {"currency": "£"}),
        ("properties", {"properties": {"a": float("nan")}}),
    ],
)
def test_items_that_cannot(field: str, fields: dict[str, Any]) -> None:
    plain: dict[str, Any] = {"item_id": "i", "timestamp": 1}
    fault = check_item(Item(**(plain | fields)))
    assert fault is not None
    assert fault[0] == field
