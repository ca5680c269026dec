"""Replay of the Open Bandit Dataset (Saito et al., 2020): what a fashion shop showed at random."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from equipoise.simulation.replay.folder import column, data_set, flags
from equipoise.simulation.replay.log import Log
from equipoise.simulation.replay.replay import Replay
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBanditReplay:
    """Campaign `men` has 34 items, `all` has 80; propensities are the logged ones, and uniform.

    The three positions are pooled. About 1 round in 34 (80) counts, and about 1 in 250 has a click.
    """

    campaign: str = "men"

    def start(self, seed: int) -> Replay:
        """Return the replay; the log is uniform already, so that every seed gets all of it."""
        return Replay.of(_log(self.campaign), seed=seed)


@cache
def _log(campaign: str) -> Log:
    folder = data_set("open-bandit") / "random" / campaign
    shown = csv.read_csv(folder / f"{campaign}.csv").sort_by("timestamp")
    content = _content(folder)
    n, m = len(shown), len(content)
    return Log(
        candidates=np.broadcast_to(np.arange(m), (n, m)),
        actions=column(shown, "item_id"),
        propensities=np.full((n, m), 1.0 / m),
        rewards=column(shown, "click").astype(np.float64),
        content=content,
        traits=_traits(shown),
    )


def _content(folder: Path) -> Floats:
    """Return the number and two of the three kinds of each item, (n_items, q)."""
    items = csv.read_csv(folder / "item_context.csv").sort_by("item_id")
    kinds = [_levels(items, f"item_feature_{i}", most=12) for i in (1, 3)]
    return np.column_stack((items["item_feature_0"].to_numpy(), *kinds))


def _traits(shown: pa.Table) -> Floats:
    """Return a constant and whether the visitor has the commonest level of two features, (n, 3)."""
    common = [_levels(shown, f"user_feature_{i}", most=1) for i in (0, 1)]
    return np.column_stack((np.ones(len(shown)), *common))


def _levels(table: pa.Table, name: str, *, most: int) -> Floats:
    """Return whether each row has each of the `most` commonest levels of a column, (rows, levels)."""
    levels, counts = np.unique(table[name].to_pylist(), return_counts=True)
    return flags(table[name].to_pylist(), levels[np.argsort(-counts, kind="stable")[:most]].tolist())
