"""Logs of single actions, whatever they are read from, and the targets that can be named for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.accepted import Accepted
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.sources.open_bandit import (
    chances_by_position,
    is_campaign,
    read_campaign,
)
from equipoise.evaluation.offpolicy.sources.table import read_table
from equipoise.evaluation.offpolicy.sources.unlogged import unlogged
from equipoise.evaluation.offpolicy.target import Target
from equipoise.policies.policy import Options, Policy
from equipoise.types import Floats

LOGGED = "logged"
"""The name of the policy that made the log, as a target."""
_COLUMN = "column:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A log of single actions; `chances` returns a column of it by name, for the rounds that were kept."""

    accepted: Accepted
    chances: Callable[[str], Floats]


def opened(path: Path, columns: Mapping[str, str]) -> Opened:
    """Return the log at `path`: an open-bandit folder, or a table with `columns` mapped."""
    if not is_campaign(path):
        table = read_table(path, columns)
        return Opened(accepted=table.accepted, chances=table.chances)
    if columns:
        raise BadInputError("--map", "the columns of an open-bandit folder are known; leave it out")
    return Opened(accepted=read_campaign(path).accepted, chances=_no_columns)


def named_target(name: str, log: LoggedActions, source: Opened, policy: Callable[[str], Policy]) -> Target:
    """Return the target `name`: logged, column:NAME, an open-bandit folder, or what `policy` makes of it.

    A policy reads the log's predictions as its scores, and must need no features.
    """
    if name == LOGGED:
        return Target(logged=log.propensities)
    if name.startswith(_COLUMN):
        return Target(logged=source.chances(name.removeprefix(_COLUMN)))
    if Path(name).is_dir():
        return _of_folder(Path(name), log)
    return Target.of(chances_of(policy(name), log), log)


def chances_of(policy: Policy, log: LoggedActions) -> Floats:
    """Return the chance of every action (n, n_actions) under `policy`, on top of a slate."""
    n, m = len(log), log.n_actions
    scores = np.zeros((n, m)) if log.predictions is None else log.predictions.astype(np.float64)
    options = Options(
        items=np.broadcast_to(np.arange(m), (n, m)),
        scores=scores,
        features=unlogged(n, m, 1),
        context=np.zeros((n, 0)),
    )
    table = np.empty((n, m))
    for action in range(m):
        table[:, action] = policy.propensities(options, np.full((n, 1), action))[:, 0]
    return table


def _of_folder(folder: Path, log: LoggedActions) -> Target:
    table = chances_by_position(read_campaign(folder).log)
    places = np.zeros(len(log), np.int64) if log.positions is None else log.positions
    if table.shape[1] != log.n_actions or places.max() >= len(table):
        raise BadInputError("--target", f"{folder} has other items or positions than the log")
    return Target.of(table[places], log)


def _no_columns(name: str) -> Floats:
    raise BadInputError("--target", f"column:{name} is for tables; name a folder of the data set or a policy")
