"""RecBole's atomic files: a tab-separated `.inter` with typed headers, `.item` beside it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from equipoise.data.dataset import Dataset, Order
from equipoise.data.foreign.coded import coded, no_order
from equipoise.data.foreign.columns import Sheet, read_delimited
from equipoise.data.foreign.format import Format
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.types import Floats

LIKED = 4.0
"""The rating from which an item counts as an answer."""


def _recognises(data: str, columns: Mapping[str, str]) -> bool:
    return len(_files(Path(data))) == 1


def _files(path: Path) -> list[Path]:
    return [path] if path.suffix == ".inter" and path.is_file() else sorted(path.glob("*.inter"))


def _read(data: str, columns: Mapping[str, str]) -> Dataset:
    (path,) = _files(Path(data))
    sheet = _read_atomic(path)
    rated, dated = sheet.has("rating"), sheet.has("timestamp")
    rows = coded(
        sheet.ids("user_id"),
        sheet.ids("item_id"),
        times=sheet.times("timestamp") if dated else no_order(len(sheet.table)),
        weights=_ratings(sheet) if rated else None,
    )
    found = Dataset(
        name=path.stem,
        interactions=rows.interactions,
        users=rows.users,
        items=rows.items,
        order=Order.DATES if dated else Order.NONE,
        relevant=LIKED if rated else 0.0,
    )
    beside = path.with_suffix(".item")
    return _with_items(found, _read_atomic(beside)) if beside.exists() else found


def _ratings(sheet: Sheet) -> Floats:
    return sheet.numbers("rating")


def _with_items(data: Dataset, items: Sheet) -> Dataset:
    """Return `data` with the words of the columns of text as content."""
    told = [name for name in items.table.column_names if name != "item_id"]
    texts = [" ".join(row) for row in zip(*(items.texts(name) for name in told), strict=True)]
    by_id = dict(zip(items.ids("item_id").to_pylist(), texts, strict=False))
    known = [by_id.get(item, "") for item in data.items.ids]
    return replace(data, content=ItemContent.of_texts(known))


def _read_atomic(path: Path) -> Sheet:
    """Read a file whose columns are called `name:type`, under their names alone."""
    sheet = read_delimited(path, delimiter="\t")
    names = [name.partition(":")[0] for name in sheet.table.column_names]
    if len(set(names)) != len(names):
        raise BadInputError(str(path), "names a column twice; give each its own name")
    return replace(sheet, table=sheet.table.rename_columns(names))


FORMAT = Format(about="RecBole's .inter, or a folder with one", recognises=_recognises, read=_read)
