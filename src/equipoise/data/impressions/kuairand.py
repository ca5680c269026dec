"""KuaiRand (Gao et al., 2022): videos shown in a feed, whether each was clicked, and whether it was watched
long.

A row knows its user, its video, the tab and the hour, and what was counted of them at strictly earlier
moments. What came of the row itself (seconds played, comments, …) is no feature.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from equipoise.data.histories import Histories
from equipoise.data.impressions.before import Before
from equipoise.data.impressions.coding import Coded, numbers, pair, together
from equipoise.data.impressions.rows import RankingRows
from equipoise.data.impressions.schema import Schema
from equipoise.types import Floats, Ints

FILES = ("val.parquet", "test.parquet")
_USERS, _VIDEOS, _EARLIER = (
    "user_features_pure.csv",
    "video_features_basic_pure.csv",
    "user_sequences.parquet",
)
TARGETS = ("click", "long_view")
LENGTH = 30
"""How many of the last videos a row looks back on."""
EARLIER, PASSED, CLICKED, WATCHED = range(4)
_STRENGTH = 10.0
_DAY_MS = 86_400_000


def recognises(path: Path) -> bool:
    """Return whether `path` is a folder of this data set."""
    return all((path / name).is_file() for name in (*FILES, _USERS, _VIDEOS, _EARLIER))


def read(path: Path) -> RankingRows:
    """Return each impression once, by time; those before the end of the histories given beside are
    left out.
    """
    log = _Log.of(path)
    codes, vocabularies = together(log.categorical())
    numeric = log.numeric()
    histories, kinds = log.lookback()
    schema = Schema(
        numeric=tuple(numeric),
        categorical=tuple(log.categorical()),
        vocabularies=vocabularies,
        targets=TARGETS,
        n_items=len(log.videos),
        n_kinds=4,
    )
    return RankingRows(
        schema=schema,
        numeric=np.column_stack(list(numeric.values())).astype(np.float32),
        categorical=codes,
        targets=np.column_stack((log.clicks, log.views)).astype(np.float32),
        times=log.times * 1000,
        users=log.rows_of_users,
        histories=histories,
        kinds=kinds,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Log:
    """The impressions `shown` by time, and where each finds its user, video and earlier history."""

    shown: pa.Table
    users: pa.Table
    videos: pa.Table
    earlier: pa.Table
    rows_of_users: Ints
    rows_of_videos: Ints
    rows_of_earlier: Ints

    @classmethod
    def of(cls, path: Path) -> "_Log":
        shown = pa.concat_tables([pq.read_table(path / name) for name in FILES])
        earlier = pq.read_table(path / _EARLIER)
        shown = _once(shown.filter(pc.greater(shown["time_ms"], pc.max(earlier["last_time_ms"]))))
        users, videos = csv.read_csv(path / _USERS), csv.read_csv(path / _VIDEOS)
        return cls(
            shown=shown,
            users=users,
            videos=videos,
            earlier=earlier,
            rows_of_users=_rows(shown["user_id"], users["user_id"]),
            rows_of_videos=_rows(shown["video_id"], videos["video_id"]),
            rows_of_earlier=_rows(shown["user_id"], earlier["user_id"]),
        )

    @property
    def times(self) -> Ints:
        return np.asarray(self.shown["time_ms"].to_numpy(), np.int64)

    @property
    def clicks(self) -> Floats:
        return numbers(self.shown["is_click"])

    @property
    def views(self) -> Floats:
        return numbers(self.shown["long_view"])

    def categorical(self) -> Mapping[str, Coded]:
        """Return who, what and where; the ranges and codes told of users are categories."""
        of_user = [
            name for name in self.users.column_names if not name.endswith("_num") and "days" not in name
        ]
        of_video = ("video_id", "author_id", "music_id", "music_type", "video_type", "upload_type", "tag")
        hours = pc.divide(self.shown["hourmin"], 100)
        return {
            **{name: Coded.of(self.users[name]).at(self.rows_of_users) for name in of_user},
            **{name: Coded.of(self.videos[name]).at(self.rows_of_videos) for name in of_video},
            "tab": Coded.of(self.shown["tab"]),
            "hour": Coded.of(hours),
            "weekday": Coded.of((self.times // _DAY_MS + 4) % 7),
        }

    def numeric(self) -> Mapping[str, Floats]:
        """Return what is told of users and videos, and what was counted of them before."""
        return {**self._told(), **self._first_counts(), **self._counts()}

    def _told(self) -> Mapping[str, Floats]:
        of_user = ("follow_user_num", "fans_user_num", "friend_user_num", "register_days")
        of_video = ("video_duration", "server_width", "server_height")
        uploaded = numbers(pc.cast(pc.cast(self.videos["upload_dt"], pa.date32()), pa.int32()))
        return {
            **{name: _at(numbers(self.users[name]), self.rows_of_users, np.nan) for name in of_user},
            **{name: _at(numbers(self.videos[name]), self.rows_of_videos, np.nan) for name in of_video},
            "age_days": self.times / _DAY_MS - _at(uploaded, self.rows_of_videos, np.nan),
        }

    def _first_counts(self) -> Mapping[str, Floats]:
        """Return counts of the histories that end before the first impression."""
        n = len(self.videos)
        seen, liked, watched = (
            _flat(self.earlier[f"{kind}_seq"]) for kind in ("watch", "like", "long_watch")
        )
        lengths, likes, long = (_at(each.lengths(), self.rows_of_earlier) for each in (seen, liked, watched))
        shown, kept = (np.bincount(each.items, minlength=n)[self.rows_of_videos] for each in (seen, watched))
        return {
            "user_earlier": _at(numbers(self.earlier["history_len"]), self.rows_of_earlier),
            "user_earlier_likes": likes / (lengths + 1),
            "user_earlier_long": long / (lengths + 1),
            "video_earlier": shown.astype(np.float64),
            "video_earlier_long": kept / (shown + _STRENGTH),
        }

    def _counts(self) -> Mapping[str, Floats]:
        """Return counts and rates of the rows before, by what they have in common with the row."""
        author = Coded.of(self.videos["author_id"]).at(self.rows_of_videos).codes
        tag = Coded.of(self.videos["tag"]).at(self.rows_of_videos).codes
        user, video, tab = self.rows_of_users, self.rows_of_videos, Coded.of(self.shown["tab"]).codes
        keys = {
            "user": user,
            "video": video,
            "author": author,
            "tag": tag,
            "user_tag": pair(user, tag),
            "user_tab": pair(user, tab),
            "user_author": pair(user, author),
            "user_video": pair(user, video),
            "video_tab": pair(video, tab),
        }
        columns: dict[str, Floats] = {}
        everything = Before.of(np.zeros(len(user), np.int64), self.times)
        for what, outcome in (("click", self.clicks), ("long", self.views)):
            overall = everything.rate(outcome, prior=0.5, strength=_STRENGTH)
            columns[f"all_{what}"] = everything.rate(outcome, prior=0.5, strength=_STRENGTH, last=5000)
            for name, key in keys.items():
                back = Before.of(key, self.times)
                prior = columns[f"{'user' if name.startswith('user_') else 'all'}_{what}"]
                strength = 2.0 if name.startswith("user_") else _STRENGTH
                columns[f"{name}_{what}"] = _rate(
                    back, outcome, prior if name != "user" else overall, strength
                )
            mine = Before.of(user, self.times)
            columns[f"user_last_{what}"] = _rate(mine, outcome, columns[f"user_{what}"], 1.0, last=5)
        columns |= {f"{name}_shown": Before.of(key, self.times).count() * 1.0 for name, key in keys.items()}
        columns |= {
            f"{name}_since": Before.of(keys[name], self.times).since(self.times) for name in ("user", "video")
        }
        return columns

    def lookback(self) -> tuple[Histories, Ints]:
        """Return the last videos that each row's user was shown, those of the earlier history first."""
        places = Before.of(self.rows_of_users, self.times).places(LENGTH)
        outcome = np.where(self.views > 0, WATCHED, np.where(self.clicks > 0, CLICKED, PASSED))
        older = _flat(self.earlier["watch_seq"])
        padded = older.padded(LENGTH)[self.rows_of_earlier]
        padded[self.rows_of_earlier < 0] = -1
        items = np.concatenate((padded, np.where(places >= 0, self.rows_of_videos[places], -1)), axis=1)
        kinds = np.concatenate((np.full_like(padded, EARLIER), outcome[places]), axis=1)
        return _newest(items, kinds, LENGTH)


def _rate(back: Before, outcome: Floats, prior: Floats, strength: float, last: int | None = None) -> Floats:
    count = back.count() if last is None else np.minimum(back.count(), last)
    return np.asarray((back.total(outcome, last) + strength * prior) / (count + strength))


def _newest(items: Ints, kinds: Ints, length: int) -> tuple[Histories, Ints]:
    """Return the last `length` that are not -1 of each row of `items`, and their kinds."""
    there = items >= 0
    wanted = there & (np.cumsum(there[:, ::-1], axis=1)[:, ::-1] <= length)
    offsets = np.concatenate(([0], np.cumsum(wanted.sum(axis=1))))
    return Histories(items[wanted], offsets), kinds[wanted]


def _once(shown: pa.Table) -> pa.Table:
    """Return the rows by time, one of each user, video and moment."""
    user, video, moment = (shown[name].to_numpy() for name in ("user_id", "video_id", "time_ms"))
    order = np.lexsort((video, user, moment))
    keys = np.stack((user, video, moment))[:, order]
    return shown.take(order[np.concatenate(([True], (np.diff(keys) != 0).any(axis=0)))])


def _rows(ids: pa.ChunkedArray, among: pa.ChunkedArray) -> Ints:
    """Return the row of `among` that has each of `ids`, -1 where there is none."""
    return np.asarray(pc.index_in(ids, value_set=among.combine_chunks()).fill_null(-1).to_numpy(), np.int64)


def _flat(column: pa.ChunkedArray) -> Histories:
    lists = column.combine_chunks()
    lengths = np.asarray(pc.list_value_length(lists).fill_null(0).to_numpy(), np.int64)
    return Histories(np.asarray(lists.flatten(), np.int64), np.concatenate(([0], np.cumsum(lengths))))


def _at(values: Ints | Floats, rows: Ints, missing: float = 0.0) -> Floats:
    """Return `values` at `rows` (n,), and `missing` where the row is -1."""
    return np.where(rows >= 0, values[rows], missing).astype(np.float64)
