"""The protocol of the durable log: facts are appended, and scanned in the order they were appended."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Literal, Protocol

import pyarrow as pa

from equipoise.events.facts import Fact

Table = Literal["events", "items", "decisions"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an append did: `new` facts are durable, `duplicates` were already there and left alone.

    `last` is the sequence number of the newest fact in the log after the append. One counter
    numbers events, items and decisions alike, so that it orders them.
    """

    new: int
    duplicates: int
    last: int


class EventLog(Protocol):
    """Where facts are kept. Appending is idempotent on `event_id` and `recommendation_id`.

    A new version of an item replaces nothing: every version is kept, the newest is current.
    """

    def append(self, facts: Sequence[Fact]) -> Receipt:
        """Write `facts` in order and return once they are durable."""
        ...

    def submit(self, facts: Sequence[Fact]) -> "Future[Receipt]":
        """Like `append`, without waiting: the future resolves once the facts are durable."""
        ...

    def scan(self, table: Table, after: int = 0) -> Iterator[pa.RecordBatch]:
        """Yield the facts of `table` numbered above `after`, oldest first, as Arrow batches.

        The columns are `seq` and the fields of the fact, with ids as strings; see `events.schema`.
        """
        ...

    def close(self) -> None:
        """Finish what was submitted and release the files."""
        ...
