"""A folder of NAME1.dat to NAMEk.dat, rows `user,item,rating`: each file is the test of the others."""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from equipoise.data.dataset import Dataset, Order
from equipoise.data.foreign.coded import coded, no_order
from equipoise.data.foreign.columns import read_delimited
from equipoise.data.foreign.format import Format
from equipoise.data.foreign.recbole import LIKED
from equipoise.data.splits.given import GivenRows

_HEADER = ("user_id", "item_id", "rating")
_NAME = re.compile(r"(.*\D)?\d+\.dat")


def _recognises(data: str, columns: Mapping[str, str]) -> bool:
    return len(_files(Path(data))) > 1


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.dat") if _NAME.fullmatch(path.name))


def _read(data: str, columns: Mapping[str, str]) -> Dataset:
    sheets = [read_delimited(path, delimiter=",", header=_HEADER) for path in _files(Path(data))]
    fold = np.repeat(np.arange(len(sheets)), [len(sheet.table) for sheet in sheets])
    rows = coded(
        pa.concat_arrays([each for sheet in sheets for each in sheet.ids("user_id").chunks]),
        pa.concat_arrays([each for sheet in sheets for each in sheet.ids("item_id").chunks]),
        times=no_order(len(fold)),
        weights=np.concatenate([sheet.numbers("rating") for sheet in sheets]),
    )
    return Dataset(
        name=Path(data).resolve().name,
        interactions=rows.interactions,
        users=rows.users,
        items=rows.items,
        order=Order.NONE,
        relevant=LIKED,
        given=tuple(GivenRows(asked=fold[rows.rows] == nth, relevant=LIKED) for nth in range(len(sheets))),
    )


FORMAT = Format(about="a folder of folds 1.dat, 2.dat, ...", recognises=_recognises, read=_read)
