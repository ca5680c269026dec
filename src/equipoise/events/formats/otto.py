"""OTTO sessions (Normann et al., 2022): JSON lines of sessions with clicks, carts and orders."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from equipoise.events.formats.lines import read_lines
from equipoise.events.formats.row import Row, to_row

_TYPES = {"clicks": "click", "carts": "cart", "orders": "purchase"}


def read_otto(path: Path) -> Iterator[Row]:
    """Yield one row for each event of each session; rows are numbered over the whole file."""
    number = count(1)
    for _, session, fault in read_lines(path):
        match session:
            case {"session": name, "events": [*events]} if fault is None:
                yield from (_row(next(number), name, event) for event in events)
            case _:
                reason = fault or ("row", "is not a session with its events")
                yield Row(number=next(number), content=session, fault=reason)


def _row(number: int, session: Any, event: Any) -> Row:
    match event:
        case {"aid": item, "ts": moment, "type": kind}:
            fields = {
                "event_type": _TYPES.get(kind, str(kind)),
                "timestamp": moment,
                "session_id": session,
                "item_id": item,
            }
            return to_row(number, fields)
    return Row(number=number, content=event, fault=("row", "is not an event with aid, ts and type"))
