"""Logs of single actions, whatever they are read from, and the targets that can be named for them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.accepted import Accepted
from equipoise.evaluation.offpolicy.log import FEWEST, LoggedActions
from equipoise.evaluation.offpolicy.sources.open_bandit import (
    chances_by_position,
    is_campaign,
    read_campaign,
)
from equipoise.evaluation.offpolicy.sources.table import read_table
from equipoise.evaluation.offpolicy.sources.unlogged import unlogged
from equipoise.evaluation.offpolicy.target import Target
from equipoise.policies.policy import NOTHING, Options, Policy
from equipoise.types import Floats

LOGGED = "logged"
"""The name of the policy that made the log, as a target."""
_COLUMN = "column:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A log of single actions, called `names` (n_actions,).

    `chances` returns a column of it by name, for the rounds that were kept.
    """

    accepted: Accepted
    names: Sequence[str]
    chances: Callable[[str], Floats]

    def after(self, rounds: int) -> "Opened":
        """Return what comes after the oldest `rounds`; refuse where that is too little."""
        log = self.accepted.log
        if len(log) - rounds < FEWEST:
            raise BadInputError(
                "--target",
                f"was learned from {rounds:,} of the {len(log):,} rounds; learn it from a smaller --share",
            )
        newer = replace(self.accepted, log=log.rows(np.arange(rounds, len(log))))
        return replace(self, accepted=newer, chances=lambda name: self.chances(name)[rounds:])


def opened(path: Path, columns: Mapping[str, str]) -> Opened:
    """Return the log at `path`: an open-bandit folder, or a table with `columns` mapped."""
    if not is_campaign(path):
        table = read_table(path, columns)
        return Opened(accepted=table.accepted, names=table.names, chances=table.chances)
    if columns:
        raise BadInputError("--map", "the columns of an open-bandit folder are known; leave it out")
    found = read_campaign(path).accepted
    return Opened(
        accepted=found, names=[str(item) for item in range(found.log.n_actions)], chances=_no_columns
    )


def named_target(name: str, log: LoggedActions, source: Opened, policy: Callable[[str], Policy]) -> Target:
    """Return the target `name`: logged, column:NAME, an open-bandit folder, or what `policy` makes of it.

    A policy in a folder was learned from such a log: it reads the contexts. One by name reads the log's
    predictions as its scores, and must need no features.
    """
    if name == LOGGED:
        return Target(logged=log.propensities)
    if name.startswith(_COLUMN):
        return Target(logged=source.chances(name.removeprefix(_COLUMN)))
    if is_campaign(Path(name)):
        return _of_folder(Path(name), log)
    one, n = policy(name), len(log)
    if Path(name).is_dir():
        context = np.zeros((n, 0)) if log.contexts is None else log.contexts
        return Target.of(chances_of(one, log, np.zeros((n, log.n_actions)), context), log)
    scores = np.zeros((n, log.n_actions)) if log.predictions is None else log.predictions.astype(np.float64)
    return Target.of(chances_of(one, log, scores, np.zeros((n, 0))), log)


def chances_of(policy: Policy, log: LoggedActions, scores: Floats, context: Floats) -> Floats:
    """Return the chance of every action (n, n_actions) under `policy`, on top of a slate.

    It is told `scores` (n, n_actions) and the `context` (n, c) of each round, and may read no features.
    """
    n, m = scores.shape
    codes = np.broadcast_to(np.arange(m), (n, m))
    options = Options(
        items=codes if log.candidates is None else np.where(log.candidates, codes, NOTHING),
        scores=scores,
        features=unlogged(n, m, 1),
        context=context,
    )
    table: Floats = np.column_stack(
        [policy.propensities(options, np.full((n, 1), action))[:, 0] for action in range(m)]
    )
    return table


def _of_folder(folder: Path, log: LoggedActions) -> Target:
    table = chances_by_position(read_campaign(folder).log)
    places = np.zeros(len(log), np.int64) if log.positions is None else log.positions
    if table.shape[1] != log.n_actions or places.max() >= len(table):
        raise BadInputError("--target", f"{folder} has other items or positions than the log")
    return Target.of(table[places], log)


def _no_columns(name: str) -> Floats:
    raise BadInputError("--target", f"column:{name} is for tables; name a folder of the data set or a policy")
