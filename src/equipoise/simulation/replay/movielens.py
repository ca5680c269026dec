"""Replay of MovieLens-1M by time: which of the films most rated of late does a viewer give five stars?"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from equipoise.simulation.replay.folder import column, data_set, flags, read_parquet
from equipoise.simulation.replay.log import Log
from equipoise.simulation.replay.popular import popular_rounds
from equipoise.simulation.replay.replay import Replay
from equipoise.types import Floats, Ints

FILES = ("train_positives.parquet", "val_positives.parquet", "test_positives.parquet")
GENRES = (
    "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Drama", "Fantasy", "Film-Noir",
    "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MovieLensReplay:
    """The log holds ratings of 4 and 5 only; the reward is 1 for a 5.

    The candidates are the `candidates` films most rated within the same `period` ratings; propensities
    are their shares in it, which are estimates: viewers chose what to rate.
    """

    candidates: int = 10
    period: int = 20_000

    def start(self, seed: int) -> Replay:
        """Return the replay, thinned to a uniform log by `seed`."""
        return Replay.of(_log(self.candidates, self.period), seed=seed)


@cache
def _log(size: int, period: int) -> Log:
    folder = data_set("movielens-1m-time")
    ratings = read_parquet(folder, FILES).sort_by("timestamp")
    films, users = pq.read_table(folder / "movies.parquet"), pq.read_table(folder / "users.parquet")
    items = np.searchsorted(column(films, "movie_id"), column(ratings, "movie_id"))
    periods = np.arange(len(items)) // period
    rows, offered, actions, propensities = popular_rounds(items, periods, size)
    return Log(
        candidates=offered,
        actions=actions,
        propensities=propensities,
        rewards=(column(ratings, "rating")[rows] == 5).astype(np.float64),
        content=_genres(films),
        traits=_viewers(users, column(ratings, "user_id")[rows]),
    )


def _genres(films: pa.Table) -> Floats:
    """Return the genres of each film, 0 or 1, (n_items, 17)."""
    listed = [set(genres.split("|")) for genres in films["genres"].to_pylist()]
    return np.array([[genre in genres for genre in GENRES] for genres in listed], dtype=np.float64)


def _viewers(users: pa.Table, user_ids: Ints) -> Floats:
    """Return a constant, whether a woman, and whether 35 or older, (t, 3)."""
    rows = np.searchsorted(column(users, "user_id"), user_ids)
    women = flags(users["gender"].to_pylist(), ("F",))[:, 0]
    return np.column_stack((np.ones(len(rows)), women[rows], column(users, "age")[rows] >= 35))
