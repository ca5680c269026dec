"""The durable log in one SQLite file: written by one thread, read by anyone meanwhile."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType

import pyarrow as pa

from equipoise.events import scan
from equipoise.events.facts import Decision, Event, Fact, Item
from equipoise.events.log import Receipt, Table
from equipoise.events.rows import BY_TABLE
from equipoise.events.sqlite_file import open_to_write, reading
from equipoise.events.transaction import LAST
from equipoise.events.writer import Listener, Writer


class SQLiteLog:
    """An `EventLog` in the SQLite file at `path`, made if absent.

    What `append` returned for, or a future of `submit` resolved for, survives `kill -9`. Appending is
    idempotent: on `event_id`, on `recommendation_id`, and for an item on all its fields together.
    Numbers rise by at least one from fact to fact. Several processes may append and read at once.
    Use it in a `with` block, or call `close`. Raises `LogError` where the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = Writer(open_to_write(path), path)

    def __enter__(self) -> "SQLiteLog":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, facts: Sequence[Fact]) -> Receipt:
        """Write `facts` in order and return once they are durable, all of them or none."""
        return self._writer.submit(facts).result()

    def submit(self, facts: Sequence[Fact]) -> "Future[Receipt]":
        """Like `append`, without waiting; the future cannot be cancelled."""
        return self._writer.submit(facts)

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` with (number, fact) pairs after each commit, in order, duplicates left out.

        It is called from the writing thread before the futures of that commit resolve, so that who was
        told of an acknowledged fact has told it to every listener: hand the facts over and return.
        """
        self._writer.listen(listener)

    def scan(self, table: Table, after: int = 0) -> Iterator[pa.RecordBatch]:
        """Yield the facts of `table` numbered above `after`, oldest first, as of now.

        Batches follow `events.schema.SCHEMAS` and are of bounded size. The candidates of a decision come
        with their scores, but not in the order in which they were given.
        """
        return scan.scan(self.path, table, after)

    def facts(self, after: int = 0) -> Iterator[tuple[int, Event | Decision]]:
        """Yield events and decisions numbered above `after`, in the order of their numbers."""
        return scan.facts(self.path, after)

    def items(self) -> Iterator[Item]:
        """Yield every version of every item, oldest first."""
        return scan.items(self.path)

    def decision(self, recommendation_id: str) -> tuple[int, Decision] | None:
        """Return the number and the decision of that id, None where there is none."""
        return scan.decision(self.path, recommendation_id)

    def events_of(self, recommendation_id: str) -> list[tuple[int, Event]]:
        """Return the numbers and events that name that decision, oldest first."""
        return scan.events_of(self.path, recommendation_id)

    def last(self) -> int:
        """Return the number of the newest fact, 0 for an empty log."""
        with reading(self.path) as connection:
            return int(connection.execute(LAST).fetchone()[0])

    def counts(self) -> dict[Table, int]:
        """Return how many facts each table holds."""
        with reading(self.path) as connection:
            return {
                table: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
                for table in BY_TABLE
            }

    def close(self) -> None:
        """Finish what was submitted and release the file; safe to call twice."""
        self._writer.close()
