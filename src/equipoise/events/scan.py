"""Reading the log: as Arrow batches, or as facts.

All reading goes through the SQLite that writes. A driver that brings its own would, in one process, undo
the file locks of the other (POSIX drops a process's locks on a file when any of its handles is closed).
"""

from collections.abc import Iterator
from heapq import merge
from pathlib import Path
from sqlite3 import Connection, Cursor

import pyarrow as pa

from equipoise.events.facts import Decision, Event, Item
from equipoise.events.log import Table
from equipoise.events.names import Spellings
from equipoise.events.rows import BY_TABLE, DecisionRows, EventRows, ItemRows
from equipoise.events.sqlite_file import reading

BATCH_ROWS: dict[Table, int] = {"events": 8_192, "items": 8_192, "decisions": 1_024}
_EVENTS, _ITEMS, _DECISIONS = EventRows(), ItemRows(), DecisionRows()
Numbered = tuple[int, Event | Decision]


def scan(path: Path, table: Table, after: int) -> Iterator[pa.RecordBatch]:
    """Yield a snapshot of the rows of `table` numbered above `after`, in batches of bounded size."""
    rows = BY_TABLE[table]
    with reading(path) as connection:
        items = Spellings(connection, "item_ids")
        found = _run(connection, rows.query, after)
        while batch := found.fetchmany(BATCH_ROWS[table]):
            yield rows.arrow(batch, items)


def facts(path: Path, after: int) -> Iterator[Numbered]:
    """Yield events and decisions numbered above `after` in the order in which they were appended."""
    with reading(path) as connection:
        items = Spellings(connection, "item_ids")
        events: Iterator[Numbered] = (
            (row[0], _EVENTS.fact(row)) for row in _run(connection, _EVENTS.query, after)
        )
        decisions: Iterator[Numbered] = (
            (row[0], _DECISIONS.fact(row, items)) for row in _run(connection, _DECISIONS.query, after)
        )
        yield from merge(events, decisions, key=lambda numbered: numbered[0])


def items(path: Path) -> Iterator[Item]:
    """Yield every version of every item, oldest first."""
    with reading(path) as connection:
        yield from map(_ITEMS.fact, _run(connection, _ITEMS.query, 0))


def decision(path: Path, recommendation_id: str) -> tuple[int, Decision] | None:
    """Return the decision of that id with its number, None where there is none."""
    with reading(path) as connection:
        row = _run(connection, f"{_DECISIONS.query} AND recommendation_id = :named", 0, recommendation_id)
        found = row.fetchone()
        return (
            None if found is None else (found[0], _DECISIONS.fact(found, Spellings(connection, "item_ids")))
        )


def events_of(path: Path, recommendation_id: str) -> list[tuple[int, Event]]:
    """Return the events that name that decision, with their numbers, oldest first."""
    with reading(path) as connection:
        found = _run(connection, f"{_EVENTS.query} AND recommendation_id = :named", 0, recommendation_id)
        return [(row[0], _EVENTS.fact(row)) for row in found]


def _run(connection: Connection, query: str, after: int, named: str = "") -> Cursor:
    return connection.execute(f"{query} ORDER BY 1", {"after": after, "named": named})
