"""Any table with a row for each round: action, propensity, reward, and perhaps context, position and id."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv
from pyarrow import json as json_lines

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.accepted import Accepted, accepted
from equipoise.types import Floats, Ints

NEEDED = ("action", "propensity", "reward")
KNOWN = (*NEEDED, "context", "position", "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLog:
    """The rounds of a table that can be used, what its actions are called, and its other columns."""

    accepted: Accepted
    names: tuple[str, ...]
    table: pa.Table

    def chances(self, column: str) -> Floats:
        """Return a column of the target's chances of the logged actions, for the rounds that were kept."""
        if column not in self.table.column_names:
            raise BadInputError("--target", f"the log has no column {column}")
        rows: Floats = numbers(self.table, column)[self.accepted.kept]
        return rows


def read_table(path: Path, columns: Mapping[str, str] | None = None) -> TableLog:
    """Return the rounds of the CSV, JSON lines or Parquet file at `path`.

    `columns` says where a column of ours is called otherwise: {"reward": "click"}. The context may be several
    columns with commas between them, or one column of lists.
    """
    names = {ours: ours for ours in KNOWN} | dict(columns or {})
    unknown = sorted(names.keys() - set(KNOWN))
    if unknown:
        raise BadInputError("--map", f"{unknown[0]} is no column of a log: {', '.join(KNOWN)}")
    table = _read(path)
    absent = [ours for ours in {*NEEDED, *(columns or {})} if not _has(table, names[ours])]
    if absent:
        where = sorted(absent)[0]
        raise BadInputError(
            "--map", f"{path.name} has no column {names[where]}; name it with --map {where}=COLUMN"
        )
    actions, spelled = _codes(table[names["action"]])
    positions = numbers(table, names["position"]) if _has(table, names["position"]) else None
    given = accepted(
        actions=actions,
        rewards=numbers(table, names["reward"]),
        propensities=numbers(table, names["propensity"]),
        n_actions=len(spelled),
        contexts=contexts(table, names["context"].split(",")) if _has(table, names["context"]) else None,
        positions=None if positions is None else _places(positions),
        ids=np.array(table[names["id"]].to_pylist(), str) if _has(table, names["id"]) else None,
    )
    return TableLog(accepted=given, names=spelled, table=table)


def numbers(table: pa.Table, column: str) -> Floats:
    """Return a column as numbers, NaN where it is empty or none; refuse one that holds none at all."""
    try:
        values: Floats = pc.fill_null(table[column].cast(pa.float64()), float("nan")).to_numpy()
    except pa.ArrowInvalid:
        values = np.array([_number(cell) for cell in table[column].to_pylist()])
    return values


def contexts(table: pa.Table, columns: list[str]) -> Floats:
    """Return `columns` as features (n, c): numbers as they are, words as flags of their commonest levels."""
    return np.column_stack([_features(table[column.strip()]) for column in columns])


def _features(column: pa.ChunkedArray) -> Floats:
    if pa.types.is_list(column.type) or pa.types.is_fixed_size_list(column.type):
        table: Floats = np.array(column.to_pylist(), np.float64)
        return table
    if not (pa.types.is_string(column.type) or pa.types.is_dictionary(column.type)):
        plain: Floats = np.nan_to_num(column.cast(pa.float64()).to_numpy())[:, None]
        return plain
    words = np.array(column.to_pylist(), str)
    levels, counts = np.unique(words, return_counts=True)
    common = levels[np.argsort(-counts, kind="stable")[:20]]
    flags: Floats = (words[:, None] == common[None, :]).astype(np.float64)
    return flags


def _codes(column: pa.ChunkedArray) -> tuple[Ints, tuple[str, ...]]:
    """Return codes of `column` (n,), -1 where it is empty, and what each stands for."""
    if pa.types.is_string(column.type):
        column = pc.if_else(pc.equal(column, ""), None, column)
    levels = pc.drop_null(pc.unique(column)).sort()
    codes: Ints = pc.fill_null(pc.index_in(column, levels), -1).to_numpy().astype(np.int64)
    return codes, tuple(map(str, levels.to_pylist()))


def _places(positions: Floats) -> Ints:
    """Return positions from 0, of those that begin with 0 or with 1."""
    known = np.where(np.isfinite(positions), positions, np.nanmin(positions))
    places: Ints = (known - known.min()).astype(np.int64)
    return places


def _has(table: pa.Table, columns: str) -> bool:
    return all(column.strip() in table.column_names for column in columns.split(","))


def _read(path: Path) -> pa.Table:
    readers = {".csv": csv.read_csv, ".jsonl": json_lines.read_json, ".parquet": pq.read_table}
    if path.suffix not in readers:
        raise BadInputError(
            "--log", f"{path} is none of {', '.join(readers)}, no log and no open-bandit folder"
        )
    try:
        table: pa.Table = readers[path.suffix](path)
    except (pa.ArrowInvalid, OSError) as error:
        raise BadInputError("--log", f"cannot read {path}: {str(error).splitlines()[0]}") from error
    return table


def _number(cell: object) -> float:
    try:
        return float(str(cell))
    except ValueError:
        return float("nan")
