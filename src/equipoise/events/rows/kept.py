"""What the log must know of a kind of fact to keep it."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import msgspec
import pyarrow as pa

from equipoise.events.log import Table
from equipoise.events.names import Codes, Spellings


class Kept(Protocol):
    """One kind of fact and its table.

    `key` is the unique column on which appending is idempotent. `query` selects the columns of a scan
    with ids as strings, above the sequence number `:after`.
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

    def ids(self, fact: Any) -> Iterable[str | None]:
        """Return the ids of `fact` that are kept in the vocabulary of users and words."""
        ...

    def item_ids(self, fact: Any) -> Iterable[str | None]:
        """Return the ids of `fact` that are kept in the vocabulary of items."""
        ...

    def row(self, seq: int, fact: Any, ids: Codes, items: Codes) -> tuple[Any, ...]:
        """Return the stored row of `fact`."""
        ...

    def arrow(self, rows: Sequence[tuple[Any, ...]], items: Spellings) -> pa.RecordBatch:
        """Return some rows of the scan's query as the public schema has them."""
        ...


_encoder = msgspec.json.Encoder()


def to_json(properties: dict[str, Any]) -> str | None:
    """Return JSON text, None for no properties."""
    return _encoder.encode(properties).decode() if properties else None


def from_json(text: str) -> dict[str, Any]:
    """Return the properties that JSON text holds."""
    return dict(msgspec.json.decode(text))


def to_batch(columns: Iterable[Any], schema: pa.Schema) -> pa.RecordBatch:
    """Return columns of plain values as a batch of `schema`."""
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
