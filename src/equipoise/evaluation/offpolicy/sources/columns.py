"""A batch of the log of decisions as tables."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from equipoise.evaluation.offpolicy.sources.decided import Decided, Kept
from equipoise.evaluation.offpolicy.sources.events import keys
from equipoise.evaluation.offpolicy.sources.unlogged import unlogged
from equipoise.policies.policy import NOTHING, Options
from equipoise.types import Bools, Floats, Ints


@dataclass(slots=True)
class Names:
    """Codes of items: those given, then others as they are met; and the key of each."""

    codes: dict[str, int] = field(default_factory=dict)

    def of(self, spelled: pa.Array) -> Ints:
        """Return the codes of `spelled` (x,)."""
        found = pc.dictionary_encode(spelled)
        levels = [self.codes.setdefault(name, len(self.codes)) for name in found.dictionary.to_pylist()]
        codes: Ints = np.array(levels, np.int64)[found.indices.to_numpy()]
        return codes

    def keys(self, codes: Ints) -> Ints:
        """Return the keys of `codes` of any shape, 0 for `NOTHING`."""
        told: Ints = np.append(keys(self.codes), 0)[codes]
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """A batch as tables: `items`, `scores` (n, m); `slates`, `actions`, `propensities` (n, k)."""

    items: Ints
    scores: Floats
    slates: Ints
    actions: Ints
    propensities: Floats

    @classmethod
    def of(cls, batch: pa.RecordBatch, names: Names) -> "Columns":
        """Return the tables of `batch`, items by their codes in `names`."""
        candidates, slate = batch["candidates"], batch["slate"]
        shown, sizes, lengths = slate.flatten(), _lengths(candidates), _lengths(slate)
        items = _table(names.of(candidates.flatten()), sizes, NOTHING)
        slates = _table(names.of(shown.field("item_id")), lengths, NOTHING)
        alike = slates[:, :, None] == items[:, None, :]
        there = (slates != NOTHING) & alike.any(axis=2)
        scores = batch["scores"].flatten().to_numpy(zero_copy_only=False).astype(np.float64)
        chances = shown.field("propensity").to_numpy(zero_copy_only=False)
        return cls(
            items=items,
            scores=_table(scores, _lengths(batch["scores"]), 0.0),
            slates=slates,
            actions=np.where(there, alike.argmax(axis=2) if items.shape[1] else NOTHING, NOTHING),
            propensities=_table(chances, lengths, 1.0),
        )

    def faults(self) -> dict[str, Bools]:
        """Return which rows have which fault."""
        chances = self.propensities
        return {
            "no slate": (self.slates == NOTHING).all(axis=1),
            "action outside the candidates": ((self.actions == NOTHING) & (self.slates != NOTHING)).any(
                axis=1
            ),
            "propensity missing": np.isnan(chances).any(axis=1),
            "propensity 0 or below": (chances <= 0.0).any(axis=1),
            "propensity above 1": (chances > 1.0 + 1e-9).any(axis=1),
        }

    def rows(self, good: Bools, rewards: Floats, seen: Bools, kept: Kept | None) -> Decided:
        """Return the `good` rows; of `kept`, which numbers rows of the batch, those among them."""
        n, m = self.items[good].shape
        options = Options(
            items=self.items[good],
            scores=self.scores[good],
            features=unlogged(n, m, 1),
            context=np.zeros((n, 0)),
        )
        return Decided(
            options=options,
            actions=self.actions[good],
            propensities=np.minimum(self.propensities[good], 1.0),
            rewards=rewards[good],
            seen=seen[good],
            kept=None if kept is None else _among(kept, good),
        )


def first_version(batch: pa.RecordBatch) -> str | None:
    """Return what the features mean in the first row of `batch` that has those of all candidates."""
    if "census_share" not in batch.schema.names:
        return None
    kept = batch.filter(pc.greater(batch["census_share"], 0.0))
    return str(kept["features_version"][0].as_py()) if kept.num_rows else None


def kept_features(batch: pa.RecordBatch, items: Ints, version: str | None) -> Kept | None:
    """Return the features of all candidates where `batch` has them in `version`, beside `items` (n, m).

    None where it has none: a log from before they were kept has no column for them.
    """
    if version is None or "census_share" not in batch.schema.names:
        return None
    shares = pc.fill_null(batch["census_share"], 0.0).to_numpy(zero_copy_only=False)
    sizes = (items != NOTHING).sum(axis=1)
    current = pc.equal(batch["features_version"], version).to_numpy(zero_copy_only=False)
    whole = (shares > 0.0) & (shares <= 1.0) & current & (_lengths(batch["census"]) == sizes) & (sizes > 0)
    rows: Ints = np.flatnonzero(whole)
    if len(rows) == 0:
        return None
    flat = batch["census"].take(pa.array(rows)).flatten()
    features = flat.flatten().to_numpy(zero_copy_only=False).reshape(len(flat), -1)
    table = np.zeros((len(rows), items.shape[1], features.shape[1]), np.float32)
    table[np.arange(items.shape[1]) < sizes[rows, None]] = features
    return Kept(rows=rows, features=table, shares=shares[rows])


def _among(kept: Kept, good: Bools) -> Kept:
    mine = good[kept.rows]
    places = np.cumsum(good) - 1
    return Kept(rows=places[kept.rows[mine]], features=kept.features[mine], shares=kept.shares[mine])


def _lengths(lists: pa.Array) -> Ints:
    lengths: Ints = pc.fill_null(pc.list_value_length(lists), 0).to_numpy().astype(np.int64)
    return lengths


def _table(flat: Any, lengths: Ints, filler: float) -> Any:
    """Return rows of `lengths` (n,) one after the other in `flat` as a table, filled up at the end."""
    width = max(int(lengths.max(initial=0)), 1)
    table = np.full((len(lengths), width), filler, dtype=flat.dtype)
    table[np.arange(width) < lengths[:, None]] = flat
    return table
