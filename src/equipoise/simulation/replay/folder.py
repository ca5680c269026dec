"""Where real logs lie: the folder named by EQUIPOISE_DATA."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from equipoise.errors import BadInputError
from equipoise.types import Floats, Ints


def data_set(name: str) -> Path:
    """Return the folder of data set `name` under EQUIPOISE_DATA (default ../shared/data)."""
    folder = Path(os.environ.get("EQUIPOISE_DATA", "../shared/data")) / name
    if not folder.is_dir():
        raise BadInputError("EQUIPOISE_DATA", f"there is no {folder}; set it to the folder that holds {name}")
    return folder


def read_parquet(folder: Path, names: Sequence[str]) -> pa.Table:
    """Return the rows of several Parquet files of one schema, one after the other."""
    return pa.concat_tables([pq.read_table(folder / name) for name in names])


def column(table: pa.Table, name: str) -> Ints:
    """Return one integer column of `table`."""
    numbers: Ints = table[name].to_numpy()
    return numbers


def flags(values: Sequence[str], levels: Sequence[str]) -> Floats:
    """Return whether each of `values` (n,) is each of `levels` (l,), (n, l), as 0 and 1."""
    alike = np.equal(np.array(values)[:, None], np.array(levels)[None, :])
    return np.asarray(alike, dtype=np.float64)
