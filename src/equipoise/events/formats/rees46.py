"""REES46 open multi-category shop logs (Kechinov, 2019 to 2020): CSV with prices, brands and categories."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from equipoise.events.formats.lines import read_lines
from equipoise.events.formats.row import Row, to_row


def read_rees46(path: Path) -> Iterator[Row]:
    """Yield the rows of a REES46 file; the price is the value of the event and of the item."""
    for number, fields, fault in read_lines(path):
        if isinstance(fields, str) or fault is not None:
            yield Row(number=number, content=fields, fault=fault)
        else:
            yield _row(number, fields)


def _row(number: int, fields: dict[str, Any]) -> Row:
    ours = {
        "event_type": fields.get("event_type"),
        "timestamp": fields.get("event_time"),
        "user_id": fields.get("user_id"),
        "session_id": fields.get("user_session"),
        "item_id": fields.get("product_id"),
        "value": fields.get("price"),
        "quantity": 1,
        "currency": "USD",
    }
    row = to_row(number, ours)
    if row.event is None:
        return row
    about = {
        "brand": fields.get("brand") or None,
        "categories": tuple(filter(None, (fields.get("category_code") or "").split("."))),
        "price": row.event.value,
        "currency": "USD",
    }
    return to_row(number, ours, **about)
