"""A table of one's own, CSV or Parquet: numbers are numeric columns, words categorical ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv

from equipoise.data.foreign.columns import Sheet, read_parquet
from equipoise.data.impressions.coding import Coded, numbers, together
from equipoise.data.impressions.rows import RankingRows
from equipoise.data.impressions.schema import Schema
from equipoise.errors import BadInputError
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumns:
    """Which columns are no features: what is predicted, when a row was, and whose it is (None: each
    its own).
    """

    targets: Sequence[str]
    time: str = "timestamp"
    user: str | None = None


def read(path: Path, columns: TableColumns) -> RankingRows:
    """Return the rows of the table by time; raise `BadInputError`, naming the column, where one is missing or
    no 0 or 1.
    """
    found = _sheet(path)
    apart = [*columns.targets, columns.time, *([columns.user] if columns.user else [])]
    missing = [name for name in apart if not found.has(name)]
    if missing:
        raise BadInputError(
            missing[0], f"{path} has no such column; it has {', '.join(found.table.column_names)}"
        )
    times = found.times(columns.time)
    order = np.argsort(times, kind="stable")
    by_time = found.table.take(order)
    features = [name for name in by_time.column_names if name not in apart]
    numeric = [name for name in features if _is_number(by_time[name])]
    words = {name: Coded.of(by_time[name]) for name in features if name not in numeric}
    codes, vocabularies = together(words) if words else (np.zeros((len(by_time), 0), np.int64), ())
    if not features:
        raise BadInputError(
            "DATA", f"{path} has no column besides targets, time and user: nothing to predict from"
        )
    users = np.arange(len(by_time)) if columns.user is None else Coded.of(by_time[columns.user]).codes
    values = [numbers(by_time[name]) for name in numeric]
    return RankingRows(
        schema=Schema(
            numeric=tuple(numeric),
            categorical=tuple(words),
            vocabularies=vocabularies,
            targets=tuple(columns.targets),
        ),
        numeric=np.reshape(values, (len(numeric), len(by_time))).T.astype(np.float32),
        categorical=codes,
        targets=_outcomes(found, columns.targets, order),
        times=times[order],
        users=users,
    )


def _sheet(path: Path) -> Sheet:
    if path.suffix == ".parquet":
        return read_parquet(path)
    try:
        return Sheet(pcsv.read_csv(path), path, first=2)
    except (pa.ArrowException, OSError) as error:
        raise BadInputError(str(path), f"cannot be read as a table: {str(error).splitlines()[0]}") from error


def _outcomes(found: Sheet, targets: Sequence[str], order: Ints) -> Floats:
    return np.column_stack([found.numbers(name)[order] for name in targets]).astype(np.float32)


def _is_number(column: pa.ChunkedArray) -> bool:
    kind = column.type
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind))
