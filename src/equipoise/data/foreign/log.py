"""What equipoise keeps itself: an event log or its folder, and files of events, read into a passing log."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from equipoise.data.dataset import Dataset, Order
from equipoise.data.foreign.format import Format
from equipoise.data.item_content import ItemContent
from equipoise.data.prepare import Prepared, prepare
from equipoise.errors import BadInputError
from equipoise.events.formats import read_events
from equipoise.events.ingest import ingest
from equipoise.events.sqlite import SQLiteLog

_LOG = "log.db"
_FILES = {".csv", ".jsonl", ".ndjson", ".parquet"}


def _recognises(data: str, columns: Mapping[str, str]) -> bool:
    return Path(data).suffix in _FILES or _log_file(Path(data)).exists()


def _log_file(path: Path) -> Path:
    return path / _LOG if path.is_dir() else path


def _read(data: str, columns: Mapping[str, str]) -> Dataset:
    path = Path(data)
    if not path.exists():
        raise BadInputError("DATA", f"there is no {data}")
    with _log_of(path, columns) as log:
        return of_prepared(path.resolve().stem, prepare(log))


def of_prepared(name: str, prepared: Prepared) -> Dataset:
    """Return what was prepared from a log; the answers are the events that weigh most: purchases, if any."""
    return Dataset(
        name=name,
        interactions=prepared.interactions,
        users=prepared.users,
        items=prepared.vocabulary,
        order=Order.DATES,
        relevant=float(prepared.interactions.weights.max()),
        content=ItemContent(matrix=prepared.catalogue.content),
        prices=prepared.catalogue.prices,
        currency=prepared.currency,
    )


@contextmanager
def _log_of(path: Path, columns: Mapping[str, str]) -> Iterator[SQLiteLog]:
    if path.suffix not in _FILES:
        with SQLiteLog(_log_file(path)) as log:
            yield log
        return
    with TemporaryDirectory() as scratch, SQLiteLog(Path(scratch) / _LOG) as log:
        report = ingest(log, read_events(path, columns), path.name, Path(scratch))
        if report.kept == 0:
            reasons = ", ".join(report.refused) or "it is empty"
            raise BadInputError("DATA", f"{path} holds no event that can be used ({reasons})")
        yield log


FORMAT = Format(
    about="a log or its folder, or a .csv, .jsonl or .parquet file of events",
    recognises=_recognises,
    read=_read,
    mapped=True,
)
