"""A folder with train.txt and test.txt, each of `user item item ...` without order, as LightGCN's sets."""

from collections.abc import Mapping
from pathlib import Path

from equipoise.data.dataset import Dataset, Order
from equipoise.data.foreign.coded import coded, no_order
from equipoise.data.foreign.format import Format
from equipoise.data.foreign.words import read_lines
from equipoise.data.splits.given import GivenRows

_TRAIN, _TEST = "train.txt", "test.txt"


def _recognises(data: str, columns: Mapping[str, str]) -> bool:
    return (Path(data) / _TRAIN).is_file() and (Path(data) / _TEST).is_file()


def _read(data: str, columns: Mapping[str, str]) -> Dataset:
    train, test = read_lines(Path(data) / _TRAIN), read_lines(Path(data) / _TEST)
    n = len(train.items)
    users, items = train.users + test.users, train.items + test.items
    rows = coded(users, items, times=no_order(len(items)))
    return Dataset(
        name=Path(data).resolve().name,
        interactions=rows.interactions,
        users=rows.users,
        items=rows.items,
        order=Order.NONE,
        given=(GivenRows(asked=rows.rows >= n),),
    )


FORMAT = Format(about="a folder with train.txt and test.txt", recognises=_recognises, read=_read)
