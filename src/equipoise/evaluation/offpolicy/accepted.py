"""Raw columns of a log: the rows that can be used, and how many were refused for which reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.log import (
    FEWEST,
    LoggedActions,
    faults_of_actions,
    faults_of_chances,
    faults_of_numbers,
)
from equipoise.types import Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The usable part of a log; `kept` (n_read,) says which rows it has, `refused` counts the others."""

    log: LoggedActions
    kept: Bools
    refused: Mapping[str, int]


def accepted(*, ids: Any = None, **columns: Any) -> Accepted:
    """Return the rounds that hold together, of columns as `LoggedActions` takes them.

    A row is refused for the first fault it has. `ids` (n,), where given, must differ: of rows with the
    same id only the first is kept. Raises `BadInputError` where too few are left.
    """
    actions, n = columns["actions"], len(columns["actions"])
    kept, refused = np.ones(n, np.bool_), {}
    faults = faults_of_actions(actions, columns["n_actions"], columns.get("candidates"))
    faults |= faults_of_chances("propensity", columns["propensities"])
    faults |= faults_of_numbers("reward", columns["rewards"])
    faults |= {} if ids is None else {"id seen before": repeated(ids)}
    for reason, rows in faults.items():
        if fresh := int((rows & kept).sum()):
            refused[reason] = fresh
        kept &= ~rows
    if kept.sum() < FEWEST:
        usable = f"{kept.sum():,} of {n:,} rows can be used, an estimate needs {FEWEST}"
        raise BadInputError("log", f"{usable}; refused: {told(refused) or 'none'}")
    return Accepted(log=LoggedActions(**_only(columns, kept)), kept=kept, refused=refused)


def told(refused: Mapping[str, int]) -> str:
    """Say in words what was refused, empty where nothing was."""
    return ", ".join(f"{reason} ({rows:,} rows)" for reason, rows in refused.items())


def repeated(ids: Any) -> Bools:
    """Return which of `ids` (n,) occurred above."""
    _, first = np.unique(np.asarray(ids), return_index=True)
    again = np.ones(len(ids), np.bool_)
    again[first] = False
    return again


def _only(columns: Mapping[str, Any], kept: Bools) -> dict[str, Any]:
    if kept.all():
        return dict(columns)
    return {name: v[kept] if isinstance(v, np.ndarray) else v for name, v in columns.items()}
