"""Events in their table."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from equipoise.events.facts import Event
from equipoise.events.log import Table
from equipoise.events.names import Codes, Spellings
from equipoise.events.rows.kept import from_json, to_json
from equipoise.events.schema import EVENTS


class EventRows:
    """The table of events."""

    table: Table = "events"
    key = "event_id"
    columns = (
        "seq",
        "event_id",
        "event_type",
        "timestamp",
        "user",
        "session",
        "item",
        "value",
        "quantity",
        "currency",
        "recommendation_id",
        "position",
        "properties",
    )
    query = """
        SELECT seq, event_id, type.id, timestamp, user.id, session.id, item.id, value, quantity, currency.id,
               recommendation_id, position, properties
        FROM events AS e LEFT JOIN ids AS type ON type.code = e.event_type
        LEFT JOIN ids AS user ON user.code = e.user LEFT JOIN ids AS session ON session.code = e.session
        LEFT JOIN item_ids AS item ON item.code = e.item
        LEFT JOIN ids AS currency ON currency.code = e.currency
        WHERE e.seq > {after}"""
    typed = "0, '', '', 0, '', '', '', 0.5, 0.5, '', '', 0, ''"

    def ids(self, event: Event) -> Iterable[str | None]:
        """Return the users, sessions and words of `event`."""
        return event.event_type, event.user_id, event.session_id, event.currency

    def item_ids(self, event: Event) -> Iterable[str | None]:
        """Return the item of `event`."""
        return (event.item_id,)

    def row(self, seq: int, event: Event, ids: Codes, items: Codes) -> tuple[Any, ...]:
        """Return the stored row of `event`."""
        return (
            seq,
            event.event_id,
            ids.of(event.event_type),
            event.timestamp,
            ids.maybe(event.user_id),
            ids.maybe(event.session_id),
            items.maybe(event.item_id),
            event.value,
            event.quantity,
            ids.maybe(event.currency),
            event.recommendation_id,
            event.position,
            to_json(event.properties),
        )

    def fact(self, row: tuple[Any, ...]) -> Event:
        """Return the event of a row of the query."""
        return Event(
            event_id=row[1],
            event_type=row[2],
            timestamp=row[3],
            user_id=row[4],
            session_id=row[5],
            item_id=row[6],
            value=row[7],
            quantity=row[8],
            currency=row[9],
            recommendation_id=row[10],
            position=row[11],
            properties=from_json(row[12]),
        )

    def arrow(self, batch: pa.RecordBatch, items: Spellings) -> pa.RecordBatch:
        """Return `batch` under the public names and types."""
        columns = [*batch.columns[:-1], batch.column(12).fill_null("{}")]
        return pa.RecordBatch.from_arrays(
            [column.cast(field.type) for column, field in zip(columns, EVENTS, strict=True)], schema=EVENTS
        )
