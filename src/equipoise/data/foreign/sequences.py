"""One file of `user item item ...`, oldest first, without dates, as of the Amazon review sets of S3-Rec.

Beside `NAME.txt` there may be `NAME_item2attributes.json`: {item: [attribute, ...]}.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from equipoise.data.dataset import Dataset, Order
from equipoise.data.foreign.coded import coded
from equipoise.data.foreign.format import Format
from equipoise.data.foreign.words import looks_right, read_lines, text_of
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError


def _recognises(data: str, columns: Mapping[str, str]) -> bool:
    path = Path(data)
    return path.suffix == ".txt" and path.is_file() and looks_right(path)


def _read(data: str, columns: Mapping[str, str]) -> Dataset:
    path = Path(data)
    lines = read_lines(path)
    rows = coded(lines.users, lines.items, times=lines.places)
    beside = path.with_name(f"{path.stem}_item2attributes.json")
    attributes = _attributes(beside) if beside.exists() else None
    content = None
    if attributes is not None:
        content = ItemContent.of_tags([list(map(str, attributes.get(item, []))) for item in rows.items.ids])
    return Dataset(
        name=path.stem,
        interactions=rows.interactions,
        users=rows.users,
        items=rows.items,
        order=Order.PLACES,
        content=content,
    )


def _attributes(path: Path) -> dict[str, list[int | str]]:
    try:
        return msgspec.json.decode(text_of(path), type=dict[str, list[int | str]])
    except msgspec.DecodeError as error:
        raise BadInputError(str(path), f"is not {{item: [attribute, ...]}} ({error})") from error


FORMAT = Format(about="a .txt of `user item item ...`", recognises=_recognises, read=_read)
