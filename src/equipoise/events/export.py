"""The log as Parquet files by day, for whoever wants to read it with other tools."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from equipoise.errors import BadInputError
from equipoise.events.log import EventLog, Table
from equipoise.events.schema import SCHEMAS
from equipoise.progress import report as progress


def export(log: EventLog, folder: Path) -> dict[Table, int]:
    """Write every table to `folder`, as ``TABLE/date=YYYY-MM-DD/*.parquet``; return the rows of each.

    The day is that of the fact's timestamp, UTC. The log may be written meanwhile: each table is
    exported as it was when its turn came. `folder` must be new or empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInputError("--to", f"{folder} exists and is not an empty folder; name a new one")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return {table: _export(log, table, folder / table) for table in SCHEMAS}
    except OSError as error:
        raise BadInputError("--to", f"cannot write to {folder}: {error.strerror or error}") from error


def _export(log: EventLog, table: Table, folder: Path) -> int:
    folder.mkdir()
    rows = 0
    for part, batch in enumerate(log.scan(table)):
        for day, of_day in _by_day(batch):
            target = folder / f"date={day}"
            target.mkdir(exist_ok=True)
            pq.write_table(of_day, target / f"part-{part:06}.parquet", compression="zstd")
        rows += batch.num_rows
        progress(f"export {table}", rows)
    return rows


def _by_day(batch: pa.RecordBatch) -> Iterator[tuple[str, pa.Table]]:
    days = pc.floor_temporal(batch.column("timestamp"), unit="day").cast(pa.date32())
    order = pc.sort_indices(days)  # stable, so that a day stays in the order of its numbers
    whole = pa.Table.from_batches([batch]).take(order)
    runs = pc.run_end_encode(days.take(order))
    start = 0
    for day, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        yield day.isoformat(), whole.slice(start, end - start)
        start = end
