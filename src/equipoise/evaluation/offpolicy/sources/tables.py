"""The tables of a log, from its own file or from a folder that `equipoise export` wrote."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from equipoise.errors import BadInputError
from equipoise.events.log import Table
from equipoise.events.scan import BATCH_ROWS, scan


def is_decision_log(path: Path) -> bool:
    """Return whether `path` is a log's own file, or a folder with exported decisions."""
    return (path / "decisions").is_dir() or path.suffix == ".db"


def item_ids(path: Path) -> list[str]:
    """Return the items of the log at `path` in the order in which it first told of them."""
    told: dict[str, None] = {}
    for batch in batches(path, "items"):
        told.update(dict.fromkeys(batch["item_id"].to_pylist()))
    return list(told)


def n_features(path: Path) -> int:
    """Return how many features the decisions of the log at `path` keep of an item, 0 where they keep none."""
    for batch in batches(path, "decisions"):
        widths = pc.drop_null(pc.list_value_length(batch["features"].flatten()))
        if len(widths) and pc.max(widths).as_py():
            return int(pc.max(widths).as_py())
    return 0


def batches(path: Path, table: Table, after: int = 0) -> Iterator[pa.RecordBatch]:
    """Yield what is in `table`, oldest first; of the log's own file only what is numbered above `after`."""
    if path.is_file():
        yield from scan(path, table, after)
        return
    for file in sorted((path / table).rglob("*.parquet")):
        try:
            yield from pq.ParquetFile(file).iter_batches(batch_size=BATCH_ROWS[table])
        except (pa.ArrowInvalid, OSError) as error:
            raise BadInputError("--log", f"cannot read {file}: {str(error).splitlines()[0]}") from error
