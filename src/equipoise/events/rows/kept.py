"""What the log must know of a kind of fact to keep it."""

from collections.abc import Iterable
from typing import Any, Protocol

import msgspec
import pyarrow as pa

from equipoise.events.log import Table
from equipoise.events.names import Codes, Spellings


class Kept(Protocol):
    """One kind of fact and its table.

    `key` is the unique column on which appending is idempotent. `query` selects the columns of a scan
    with ids as strings, above the sequence number `{after}`. `typed` is one row of constants: the driver
    infers types from the first rows it sees, and nulls have none.
    """

    @property
    def table(self) -> Table:
        """The name of the table."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a stored row."""
        ...

    @property
    def key(self) -> str:
        """The column that must not repeat."""
        ...

    @property
    def query(self) -> str:
        """The SELECT of a scan."""
        ...

    @property
    def typed(self) -> str:
        """One constant for each column of the scan."""
        ...

    def ids(self, fact: Any) -> Iterable[str | None]:
        """Return the ids of `fact` that are kept in the vocabulary of users and words."""
        ...

    def item_ids(self, fact: Any) -> Iterable[str | None]:
        """Return the ids of `fact` that are kept in the vocabulary of items."""
        ...

    def row(self, seq: int, fact: Any, ids: Codes, items: Codes) -> tuple[Any, ...]:
        """Return the stored row of `fact`."""
        ...

    def arrow(self, batch: pa.RecordBatch, items: Spellings) -> pa.RecordBatch:
        """Return a batch of the scan's query as the public schema has it."""
        ...


_encoder = msgspec.json.Encoder()


def to_json(properties: dict[str, Any]) -> str | None:
    """Return JSON text, None for no properties."""
    return _encoder.encode(properties).decode() if properties else None


def from_json(text: str | None) -> dict[str, Any]:
    """Return the properties of `to_json`."""
    return {} if text is None else dict(msgspec.json.decode(text))
