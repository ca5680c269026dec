from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest

TIME = pa.timestamp("us", tz="UTC")
EVENT_COLUMNS = {
    "seq": pa.int64(),
    "event_id": pa.string(),
    "event_type": pa.string(),
    "timestamp": TIME,
    "user_id": pa.string(),
    "session_id": pa.string(),
    "item_id": pa.string(),
    "value": pa.float64(),
}
ITEM_COLUMNS = {
    "seq": pa.int64(),
    "item_id": pa.string(),
    "timestamp": TIME,
    "title": pa.string(),
    "categories": pa.list_(pa.string()),
    "brand": pa.string(),
    "price": pa.float64(),
    "currency": pa.string(),
    "available": pa.bool_(),
}


def _table(rows: list[dict[str, Any]], columns: Mapping[str, pa.DataType]) -> pa.Table:
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in columns.items()})


class Shop:
    """A log in the making: each call adds a row, `seq` counts across events and items."""

    def __init__(self) -> None:
        self.event_rows: list[dict[str, Any]] = []
        self.item_rows: list[dict[str, Any]] = []

    def _seq(self) -> int:
        return len(self.event_rows) + len(self.item_rows) + 1

    def item(self, item_id: str, timestamp: int = 0, **more: Any) -> "Shop":
        row = {"title": item_id, "categories": [], "available": True, **more}
        self.item_rows.append({"seq": self._seq(), "item_id": item_id, "timestamp": timestamp, **row})
        return self

    def event(self, event_type: str, item_id: str, timestamp: int = 1, **more: Any) -> "Shop":
        row = {"event_type": event_type, "item_id": item_id, "timestamp": timestamp, **more}
        self.event_rows.append({"seq": self._seq(), "event_id": str(self._seq()), **row})
        return self

    @property
    def events(self) -> pa.Table:
        return _table(self.event_rows, EVENT_COLUMNS)

    @property
    def items(self) -> pa.Table:
        return _table(self.item_rows, ITEM_COLUMNS)


@pytest.fixture
def shop() -> Shop:
    return Shop()
