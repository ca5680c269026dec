"""Replay of KuaiRand: which of the day's most shown videos is clicked?"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from equipoise.errors import ArtifactError
from equipoise.simulation.replay.folder import column, data_set, flags, read_parquet
from equipoise.simulation.replay.log import Log
from equipoise.simulation.replay.popular import popular_rounds
from equipoise.simulation.replay.replay import Replay
from equipoise.types import Floats

FILES = ("val.parquet", "test.parquet")
TAGS = ("39", "3", "9", "6", "20", "7", "12", "2")


@dataclass(frozen=True, slots=True, kw_only=True)
class KuaiRandReplay:
    """Real exposures, two weeks of them; the reward is 1 for a click.

    The candidates are the `candidates` videos most shown on the same day; propensities are their shares
    in it, which are estimates: the feed chose for each viewer, and did not log its chances.
    """

    candidates: int = 10

    def start(self, seed: int) -> Replay:
        """Return the replay, thinned to a uniform log by `seed`."""
        return Replay.of(_log(self.candidates), seed=seed)


@cache
def _log(size: int) -> Log:
    folder = data_set("kuairand")
    shown = read_parquet(folder, FILES).sort_by("time_ms")
    rows, offered, actions, propensities = popular_rounds(
        column(shown, "video_id"), column(shown, "date"), size
    )
    tab = column(shown, "tab")[rows]
    return Log(
        candidates=offered,
        actions=actions,
        propensities=propensities,
        rewards=column(shown, "is_click")[rows].astype(np.float64),
        content=_content(_videos(folder)),
        traits=np.column_stack((np.ones(len(rows)), tab == 0, tab == 1)),
    )


def _videos(folder: Path) -> pa.Table:
    videos = csv.read_csv(folder / "video_features_basic_pure.csv").sort_by("video_id")
    if not np.array_equal(column(videos, "video_id"), np.arange(len(videos))):
        raise ArtifactError(f"{folder}: video ids are not 0, 1, 2, …; fetch the data set again")
    return videos


def _content(videos: pa.Table) -> Floats:
    """Return log seconds and the commonest tags of each video, (n_items, 9)."""
    seconds = np.nan_to_num(videos["video_duration"].to_numpy(), nan=30_000.0) / 1_000
    first = [str(tag or "").split(",")[0] for tag in videos["tag"].to_pylist()]
    return np.column_stack((np.log1p(seconds) - 3.5, flags(first, TAGS)))
