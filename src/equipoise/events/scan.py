"""Reading the log: as Arrow batches through ADBC, or as facts."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from heapq import merge
from pathlib import Path

import adbc_driver_manager
import pyarrow as pa
from adbc_driver_sqlite import StatementOptions, dbapi

from equipoise.errors import LogError
from equipoise.events.facts import Decision, Event, Item
from equipoise.events.log import Table
from equipoise.events.names import Spellings
from equipoise.events.rows import BY_TABLE, DecisionRows, EventRows, ItemRows
from equipoise.events.sqlite_file import read_uri, reading

BATCH_ROWS: dict[Table, int] = {"events": 65_536, "items": 16_384, "decisions": 1_024}
_EVENTS, _ITEMS, _DECISIONS = EventRows(), ItemRows(), DecisionRows()
Numbered = tuple[int, Event | Decision]


def scan(path: Path, table: Table, after: int) -> Iterator[pa.RecordBatch]:
    """Yield a snapshot of the rows of `table` numbered above `after`, in batches of bounded size."""
    rows = BY_TABLE[table]
    query = f"SELECT {rows.typed} UNION ALL {rows.query.format(after=int(after))} ORDER BY 1"
    with _arrow(path, query, BATCH_ROWS[table]) as batches, reading(path) as connection:
        items = Spellings(connection, "item_ids")
        skip = 1  # the row of constants that gave the columns their types
        for batch in batches:
            if batch.num_rows > skip:
                yield rows.arrow(batch.slice(skip), items)
            skip = 0


def facts(path: Path, after: int) -> Iterator[Numbered]:
    """Yield events and decisions numbered above `after` in the order in which they were appended."""
    with reading(path) as connection:
        items = Spellings(connection, "item_ids")
        events: Iterator[Numbered] = (
            (row[0], _EVENTS.fact(row)) for row in connection.execute(_ordered(_EVENTS.query, after))
        )
        decisions: Iterator[Numbered] = (
            (row[0], _DECISIONS.fact(row, items))
            for row in connection.execute(_ordered(_DECISIONS.query, after))
        )
        yield from merge(events, decisions, key=lambda numbered: numbered[0])


def items(path: Path) -> Iterator[Item]:
    """Yield every version of every item, oldest first."""
    with reading(path) as connection:
        yield from map(_ITEMS.fact, connection.execute(_ordered(_ITEMS.query, 0)))


def decision(path: Path, recommendation_id: str) -> tuple[int, Decision] | None:
    """Return the decision of that id with its number, None where there is none."""
    with reading(path) as connection:
        find = "SELECT seq FROM decisions WHERE recommendation_id = ?"
        found = connection.execute(find, (recommendation_id,)).fetchone()
        if found is None:
            return None
        row = connection.execute(_ordered(_DECISIONS.query, found[0] - 1) + " LIMIT 1").fetchone()
        return found[0], _DECISIONS.fact(row, Spellings(connection, "item_ids"))


def events_of(path: Path, recommendation_id: str) -> list[tuple[int, Event]]:
    """Return the events that name that decision, with their numbers, oldest first."""
    with reading(path) as connection:
        query = f"{_EVENTS.query.format(after=0)} AND e.recommendation_id = ? ORDER BY 1"
        return [(row[0], _EVENTS.fact(row)) for row in connection.execute(query, (recommendation_id,))]


def _ordered(query: str, after: int) -> str:
    return f"{query.format(after=int(after))} ORDER BY 1"


@contextmanager
def _arrow(path: Path, query: str, batch_rows: int) -> Iterator[pa.RecordBatchReader]:
    try:
        with closing(dbapi.connect(read_uri(path))) as connection, closing(connection.cursor()) as cursor:
            cursor.adbc_statement.set_options(**{StatementOptions.BATCH_ROWS.value: str(batch_rows)})
            cursor.execute(query)
            with closing(cursor.fetch_record_batch()) as batches:
                yield batches
    except (adbc_driver_manager.Error, pa.ArrowException, OSError) as error:
        raise LogError(f"{path}: cannot be read ({error}); check the file") from error
