"""What a command can be pointed at: a log, a file of events, or the packaged sample."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from equipoise.errors import BadInputError
from equipoise.events.formats import read_events
from equipoise.events.ingest import append_orders, ingest
from equipoise.events.online_retail import NAME, read_online_retail
from equipoise.events.sqlite import SQLiteLog

_LOG = "log.db"


@contextmanager
def log_of(data: str) -> Iterator[SQLiteLog]:
    """Open the log that `data` names, or read the file of events or the sample into a passing one."""
    path = Path(data)
    if data == NAME or path.suffix in {".csv", ".jsonl", ".parquet"}:
        with TemporaryDirectory() as scratch, SQLiteLog(Path(scratch) / _LOG) as log:
            _fill(log, data, Path(scratch))
            yield log
        return
    file = path / _LOG if path.is_dir() else path
    if not file.exists():
        raise BadInputError("DATA", f"{data} is no log, no .csv, .jsonl or .parquet file, and not {NAME}")
    with SQLiteLog(file) as log:
        yield log


def _fill(log: SQLiteLog, data: str, scratch: Path) -> None:
    if data == NAME:
        append_orders(log, read_online_retail(scratch))
        return
    report = ingest(log, read_events(Path(data)), data, scratch)
    if report.kept == 0:
        reasons = ", ".join(report.refused) or "it is empty"
        raise BadInputError("DATA", f"{data} holds no event that can be used ({reasons})")
