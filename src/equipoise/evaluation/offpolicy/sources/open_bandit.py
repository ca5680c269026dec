"""Folders of the Open Bandit Dataset (Saito et al., 2020), as they are: CAMPAIGN.csv with items beside."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.accepted import Accepted, accepted
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.sources.table import contexts, numbers
from equipoise.types import Bools, Floats

_ITEMS = "item_context.csv"
_USERS = [f"user_feature_{number}" for number in range(4)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """The impressions of one campaign by one policy, by time; positions count from 0."""

    accepted: Accepted

    @property
    def log(self) -> LoggedActions:
        """The impressions that can be used."""
        return self.accepted.log


def is_campaign(folder: Path) -> bool:
    """Return whether `folder` is one of the data set."""
    return (folder / _ITEMS).is_file()


def read_campaign(folder: Path) -> Campaign:
    """Return the impressions of `folder`, its clicks as rewards and what is told of users as context."""
    files = [path for path in sorted(folder.glob("*.csv")) if path.name != _ITEMS]
    if not is_campaign(folder) or len(files) != 1:
        raise BadInputError("--log", f"{folder} must hold {_ITEMS} and one other .csv of impressions")
    try:
        shown = csv.read_csv(files[0]).sort_by("timestamp")
        items = csv.read_csv(folder / _ITEMS)
        return Campaign(accepted=_accepted(shown, len(items)))
    except (pa.ArrowInvalid, KeyError) as error:
        raise BadInputError("--log", f"{files[0]} is no open-bandit file: {error}") from error


def _accepted(shown: pa.Table, n_items: int) -> Accepted:
    positions = numbers(shown, "position")
    return accepted(
        actions=np.nan_to_num(numbers(shown, "item_id"), nan=-1.0).astype(np.int64),
        rewards=numbers(shown, "click"),
        propensities=numbers(shown, "propensity_score"),
        n_actions=n_items,
        contexts=contexts(shown, [name for name in _USERS if name in shown.column_names]),
        positions=(positions - positions.min()).astype(np.int64),
        reward_range=(0.0, 1.0),
    )


def chances_by_position(log: LoggedActions) -> Floats:
    """Return the chance of each item at each position, (k, n_actions), from the propensities logged.

    A propensity is known only when its item was shown; between, the nearest one in time is taken, and the
    mean is over all impressions of the position. Items never shown there share what is left to 1.
    """
    positions = np.zeros(len(log), np.int64) if log.positions is None else log.positions
    tables = []
    for position in range(int(positions.max()) + 1):
        here = positions == position
        shown, chances = log.actions[here], log.propensities[here]
        table = np.array([_mean_chance(shown == item, chances) for item in range(log.n_actions)])
        missing = np.isnan(table)
        if missing.any():
            table[missing] = max(1.0 - float(np.nansum(table)), 0.0) / missing.sum()
        tables.append(table / table.sum())
    return np.array(tables)


def _mean_chance(shown: Bools, chances: Floats) -> float:
    """Return the mean over time of the chance of what was `shown` in these rounds (n,), NaN if in none."""
    times = np.flatnonzero(shown)
    if len(times) == 0:
        return float("nan")
    borders = np.concatenate(([0.0], (times[1:] + times[:-1] + 1) / 2, [float(len(shown))]))
    return float(np.dot(chances[times], np.diff(borders)) / len(shown))
