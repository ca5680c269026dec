"""A folder with train*.parquet, test*.parquet and perhaps val*.parquet: rows with ids, rating, time."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from equipoise.data.dataset import Dataset, Order
from equipoise.data.foreign.coded import Coded, coded, no_order
from equipoise.data.foreign.columns import Sheet, read_parquet
from equipoise.data.foreign.format import Format
from equipoise.data.splits.given import GivenRows
from equipoise.errors import BadInputError

_ITEM_NAMES = ("item_id", "movie_id", "product_id", "video_id")
_COLUMNS = ("user_id", *_ITEM_NAMES, "rating", "timestamp")


def _recognises(data: str, columns: Mapping[str, str]) -> bool:
    return all(_file(Path(data), part) is not None for part in ("train", "test"))


def _file(folder: Path, part: str) -> Path | None:
    found = sorted(folder.glob(f"{part}*.parquet"))
    return found[0] if len(found) == 1 else None


def _read(data: str, columns: Mapping[str, str]) -> Dataset:
    folder = Path(data)
    sheets = [
        (part, read_parquet(path, list(_COLUMNS)))
        for part in ("train", "val", "test")
        if (path := _file(folder, part)) is not None
    ]
    part = np.repeat([name for name, _ in sheets], [len(sheet.table) for _, sheet in sheets])
    item = _item_column(sheets[0][1])
    dated = all(sheet.has("timestamp") for _, sheet in sheets)
    rows = _coded([sheet for _, sheet in sheets], item, dated)
    return Dataset(
        name=folder.resolve().name,
        interactions=rows.interactions,
        users=rows.users,
        items=rows.items,
        order=Order.DATES if dated else Order.NONE,
        given=(_given(part[rows.rows]),),
    )


def _item_column(sheet: Sheet) -> str:
    found = next((name for name in _ITEM_NAMES if sheet.has(name)), None)
    if found is None:
        raise BadInputError(
            str(sheet.path), f"has no column of items; call it one of {', '.join(_ITEM_NAMES)}"
        )
    return found


def _coded(sheets: list[Sheet], item: str, dated: bool) -> Coded:
    n = sum(len(sheet.table) for sheet in sheets)
    rated = all(sheet.has("rating") for sheet in sheets)
    return coded(
        pa.concat_arrays([each for sheet in sheets for each in sheet.ids("user_id").chunks]),
        pa.concat_arrays([each for sheet in sheets for each in sheet.ids(item).chunks]),
        times=np.concatenate([sheet.times("timestamp") for sheet in sheets]) if dated else no_order(n),
        weights=np.concatenate([sheet.numbers("rating") for sheet in sheets]) if rated else None,
    )


def _given(part: np.ndarray[tuple[int, ...], np.dtype[np.str_]]) -> GivenRows:
    """Return the split by files; the validation file, if any, validates what is fitted without it."""
    validates = part == "val"
    return GivenRows(asked=part == "test", validates=validates if validates.any() else None)


FORMAT = Format(about="a folder with train*.parquet and test*.parquet", recognises=_recognises, read=_read)
