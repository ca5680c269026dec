"""Any table of who met what: CSV or Parquet with user_id and item_id, and no kinds of event.

`timestamp`, `rating` (or `weight`) and `value` are used where they are. With kinds of event it would be a
file of events.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from equipoise.data.dataset import Dataset, Order
from equipoise.data.foreign.coded import coded
from equipoise.data.foreign.columns import Sheet, header_of, read_delimited, read_parquet
from equipoise.data.foreign.format import Format
from equipoise.data.foreign.recbole import LIKED
from equipoise.errors import BadInputError

_FIELDS = ("user_id", "item_id", "timestamp", "rating", "weight", "value")


def _recognises(data: str, columns: Mapping[str, str]) -> bool:
    path = Path(data)
    if path.suffix not in {".csv", ".parquet"} or not path.is_file():
        return False
    names = set(header_of(path))
    mapped = {columns.get(field, field) for field in ("user_id", "item_id")}
    return mapped <= names and columns.get("event_type", "event_type") not in names


def _read(data: str, columns: Mapping[str, str]) -> Dataset:
    path = Path(data)
    sheet = _renamed(
        read_delimited(path, delimiter=",") if path.suffix == ".csv" else read_parquet(path), columns
    )
    dated = sheet.has("timestamp")
    weight = next((name for name in ("rating", "weight") if sheet.has(name)), None)
    rows = coded(
        sheet.ids("user_id"),
        sheet.ids("item_id"),
        times=sheet.times("timestamp") if dated else np.arange(len(sheet.table)),
        weights=None if weight is None else sheet.numbers(weight),
        values=sheet.numbers("value") if sheet.has("value") else None,
    )
    if len(rows.rows) == 0:
        raise BadInputError(str(path), "holds no rows; give at least a few dozen")
    return Dataset(
        name=path.stem,
        interactions=rows.interactions,
        users=rows.users,
        items=rows.items,
        order=Order.DATES if dated else Order.PLACES,
        relevant=LIKED if weight == "rating" else 0.0,
    )


def _renamed(sheet: Sheet, columns: Mapping[str, str]) -> Sheet:
    """Return the sheet with our names for its columns."""
    unknown = sorted(columns.keys() - set(_FIELDS))
    if unknown:
        raise BadInputError("--map", f"{unknown[0]} is none of {', '.join(_FIELDS)}")
    absent = next((theirs for theirs in columns.values() if not sheet.has(theirs)), None)
    if absent is not None:
        raise BadInputError("--map", f"{sheet.path} has no column {absent}")
    ours = {theirs: ours for ours, theirs in columns.items()}
    names = [ours.get(name, name) for name in sheet.table.column_names]
    return Sheet(sheet.table.rename_columns(names), sheet.path, sheet.first)


FORMAT = Format(
    about="a .csv or .parquet table with user_id and item_id", recognises=_recognises, read=_read, mapped=True
)
