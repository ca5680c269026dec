"""A folder with train.txt and test.txt, each of `user item item ...`, as LightGCN's sets.

Nobody says that the lines are in an order of time, so no split by order is offered. But unless all are in the
order of the ids, their own is kept, and the last fifth of each training line validates: in gowalla, what is
side by side in a line was met by the same people, and the test goes on where the line ends.
"""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np

from equipoise.data.dataset import Dataset, Order
from equipoise.data.foreign.coded import coded, no_order
from equipoise.data.foreign.format import Format
from equipoise.data.foreign.words import Lines, read_lines
from equipoise.data.splits.given import GivenRows
from equipoise.types import Bools

_TRAIN, _TEST = "train.txt", "test.txt"
_SHARE = 0.2


def _recognises(data: str, columns: Mapping[str, str]) -> bool:
    return (Path(data) / _TRAIN).is_file() and (Path(data) / _TEST).is_file()


def _read(data: str, columns: Mapping[str, str]) -> Dataset:
    train, test = read_lines(Path(data) / _TRAIN), read_lines(Path(data) / _TEST)
    n = len(train.items)
    users, items = train.users + test.users, train.items + test.items
    kept = not (_by_id(train) and _by_id(test))
    times = np.concatenate((train.places, n + test.places)) if kept else no_order(len(items))
    validates = np.concatenate((_last(train), np.zeros(len(test.items), np.bool_)))
    rows = coded(users, items, times=times)
    return Dataset(
        name=Path(data).resolve().name,
        interactions=rows.interactions,
        users=rows.users,
        items=rows.items,
        order=Order.NONE,
        given=(GivenRows(asked=rows.rows >= n, validates=validates[rows.rows] if kept else None),),
    )


def _by_id(lines: Lines) -> bool:
    """Return whether every line is in the order of its ids, which then says nothing."""
    keys = [
        (len(item.lstrip("0")), item.lstrip("0")) if item.isdecimal() else (0, item) for item in lines.items
    ]
    rising = np.array([one < other for one, other in pairwise(keys)], np.bool_)
    return bool((rising | (lines.places[1:] == 0)).all())


def _last(lines: Lines) -> Bools:
    """Return what is in the last fifth of its line."""
    line = np.cumsum(lines.places == 0) - 1
    lengths = np.bincount(line)[line]
    return np.asarray(lines.places >= lengths - np.floor(_SHARE * lengths + 0.5))


FORMAT = Format(about="a folder with train.txt and test.txt", recognises=_recognises, read=_read)
