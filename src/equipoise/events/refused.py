"""Rows that were refused, kept with their reasons in a Parquet file."""

from collections import Counter
from pathlib import Path
from types import TracebackType

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from equipoise.events.formats.row import Row

_SCHEMA = pa.schema(
    [("row", pa.int64()), ("field", pa.string()), ("reason", pa.string()), ("content", pa.string())]
)
_ENOUGH = 10_000


class Refused:
    """Counts refused rows by reason and writes them to `path`, which appears only if there are any."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reasons: Counter[str] = Counter()
        self._waiting: list[dict[str, int | str]] = []
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> "Refused":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flush()
        if self._writer is not None:
            self._writer.close()

    def add(self, row: Row) -> None:
        """Take in a row that has a fault."""
        field, reason = row.fault or ("row", "was refused")
        self.reasons[f"{field}: {reason}"] += 1
        self._waiting.append(
            {"row": row.number, "field": field, "reason": reason, "content": _printable(row.content)}
        )
        if len(self._waiting) >= _ENOUGH:
            self._flush()

    def where(self) -> str:
        """Return the path of the file, empty where no row was refused."""
        return str(self.path) if self.reasons else ""

    def _flush(self) -> None:
        if not self._waiting:
            return
        if self._writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self.path, _SCHEMA, compression="zstd")
        self._writer.write_table(pa.Table.from_pylist(self._waiting, schema=_SCHEMA))
        self._waiting.clear()


def _printable(content: object) -> str:
    try:
        return msgspec.json.encode(content).decode()
    except (TypeError, ValueError, RecursionError):
        return repr(content).encode(errors="backslashreplace").decode()
