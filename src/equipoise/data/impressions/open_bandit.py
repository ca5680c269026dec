"""The Open Bandit Dataset (Saito et al., 2020): items shown on a fashion site, and which were clicked.

A row knows the item, the position, what is told of the visitor, and how often the item was shown and clicked
before. Visitors have no ids, so each row counts as its own.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from equipoise.data.impressions.before import Before
from equipoise.data.impressions.coding import Coded, numbers, together
from equipoise.data.impressions.rows import RankingRows
from equipoise.data.impressions.schema import Schema
from equipoise.types import Floats, Ints

_ITEMS = "item_context.csv"
_WORDS = ("policy", "campaign", "item", "position", "hour")
_STRENGTH = 200.0
_HOUR = 3_600_000_000


def recognises(path: Path) -> bool:
    """Return whether `path` is a campaign's folder, or holds such folders of policies."""
    return bool(_folders(path))


def read(path: Path) -> RankingRows:
    """Return the impressions of all campaigns and policies in `path`, by time."""
    shown = pa.concat_tables([_campaign(folder) for folder in _folders(path)]).sort_by("timestamp")
    times: Ints = pc.cast(shown["timestamp"], pa.timestamp("us"), safe=False).cast(pa.int64()).to_numpy()
    words = [name for name in shown.column_names if name in _WORDS or "_feature_" in name]
    columns = {name: Coded.of(shown[name]) for name in words if name != "item_feature_0"}
    columns["hour"] = Coded.of(times // _HOUR % 24)
    codes, vocabularies = together(columns)
    numeric = {**_told(shown), **_counts(columns["item"], numbers(shown["click"]), times)}
    return RankingRows(
        schema=Schema(
            numeric=tuple(numeric),
            categorical=tuple(columns),
            vocabularies=vocabularies,
            targets=("click",),
        ),
        numeric=np.column_stack(list(numeric.values())).astype(np.float32),
        categorical=codes,
        targets=numbers(shown["click"])[:, None].astype(np.float32),
        times=times,
        users=np.arange(len(shown)),
    )


def _told(shown: pa.Table) -> Mapping[str, Floats]:
    return {"item_feature_0": numbers(shown["item_feature_0"]), "affinity": numbers(shown["affinity"])}


def _counts(item: Coded, clicks: Floats, times: Ints) -> Mapping[str, Floats]:
    """Return what was counted of all items and of this one before."""
    everything, own = (Before.of(key, times) for key in (np.zeros(len(times), np.int64), item.codes))
    overall = (everything.total(clicks) + 1) / (everything.count() + _STRENGTH)
    return {
        "all_click": overall,
        "item_click": (own.total(clicks) + _STRENGTH * overall) / (own.count() + _STRENGTH),
        "item_shown": own.count().astype(np.float64),
    }


def _folders(path: Path) -> list[Path]:
    found = [path, *path.glob("*"), *path.glob("*/*")] if path.is_dir() else []
    return sorted(folder for folder in found if (folder / _ITEMS).is_file())


def _campaign(folder: Path) -> pa.Table:
    """Return the impressions of one folder with what is told of the item shown, and its affinity to the
    visitor.
    """
    (log,) = (file for file in folder.glob("*.csv") if file.name != _ITEMS)
    shown, items = csv.read_csv(log), csv.read_csv(folder / _ITEMS)
    place = np.asarray(pc.index_in(shown["item_id"], value_set=items["item_id"].combine_chunks()).to_numpy())
    affinities = np.column_stack(
        [shown[name].to_numpy() for name in shown.column_names if "affinity" in name]
    )
    names = [pc.binary_join_element_wise(folder.name, pc.cast(shown["item_id"], pa.string()), "-")]
    columns: dict[str, object] = {
        "timestamp": shown["timestamp"],
        "click": shown["click"],
        "policy": pa.repeat(folder.parent.name, len(shown)),
        "campaign": pa.repeat(folder.name, len(shown)),
        "item": names[0],
        "position": shown["position"],
        "affinity": affinities[np.arange(len(shown)), place],
        **{name: shown[name] for name in shown.column_names if name.startswith("user_feature_")},
        **{name: items[name].take(place) for name in items.column_names if name.startswith("item_feature_")},
    }
    return pa.table(columns)
