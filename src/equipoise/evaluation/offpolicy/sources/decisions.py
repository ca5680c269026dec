"""The log of decisions, read in pieces: candidates, scores, slates with propensities, and rewards."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from equipoise.data.rewards import RewardWeights
from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.accepted import repeated
from equipoise.evaluation.offpolicy.sources.events import Earned, keys
from equipoise.evaluation.offpolicy.sources.unlogged import unlogged
from equipoise.events.log import Table
from equipoise.events.scan import BATCH_ROWS, scan
from equipoise.policies.policy import NOTHING, Options
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A piece of the log: n decisions among up to m candidates, slates of up to k positions.

    `options` with the scores as logged (rounded to 11 bits) and features nobody may read; `actions` (n, k)
    places among the candidates, -1 where a slate is shorter; `propensities` (n, k) given those above, 1
    there; `rewards` (n, k); `seen` (n,) whether an event names the decision.
    """

    options: Options
    actions: Ints
    propensities: Floats
    rewards: Floats
    seen: Bools

    def __len__(self) -> int:
        return len(self.actions)


@dataclass(slots=True)
class _Names:
    """Codes of items as they are met, and the key of each."""

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


@dataclass(slots=True, kw_only=True)
class DecisionLog:
    """Reads `path`: the log's own file, or a folder that `equipoise export` wrote.

    In memory are one piece, 8 bytes for the id of each decision read, and 28 for each event that names
    one. `refused` counts the decisions left out, and is complete once all pieces were read.
    """

    path: Path
    rewards: RewardWeights = field(default_factory=RewardWeights)
    variant: str | None = None
    refused: Counter[str] = field(default_factory=Counter)

    def pieces(self) -> Iterator[Decided]:
        """Yield the usable decisions, oldest first."""
        earned, names = Earned.of(_batches(self.path, "events"), self.rewards), _Names()
        met = np.empty(0, np.int64)
        self.refused.clear()
        for batch in _batches(self.path, "decisions"):
            mine = batch if self.variant is None else batch.filter(pc.equal(batch["variant"], self.variant))
            ids = keys(mine["recommendation_id"].to_pylist())
            again = repeated(ids) | _among(ids, met)
            fresh = np.sort(ids[~again])
            met = np.insert(met, np.searchsorted(met, fresh), fresh)  # stays sorted
            columns = _columns(mine, names)
            rewards, seen = earned.on(ids, names.keys(columns.slates))
            kept = self._kept(columns, again, rewards)
            if kept.any():
                yield columns.rows(kept, rewards, seen)

    def _kept(self, columns: "_Columns", again: Bools, rewards: Floats) -> Bools:
        """Return which decisions hold together, and count the others by their first fault."""
        kept = np.ones(len(again), np.bool_)
        faults = columns.faults() | {
            "id seen before": again,
            "reward is no finite number": ~np.isfinite(rewards).all(axis=1),
        }
        for reason, rows in faults.items():
            self.refused[reason] += int((rows & kept).sum())
            kept &= ~rows
        self.refused += Counter()  # drops the reasons that were never met
        return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """A batch as tables: `items`, `scores` (n, m); `slates`, `actions`, `propensities` (n, k)."""

    items: Ints
    scores: Floats
    slates: Ints
    actions: Ints
    propensities: Floats

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

    def rows(self, kept: Bools, rewards: Floats, seen: Bools) -> Decided:
        """Return the rows that were `kept`."""
        n, m = self.items[kept].shape
        options = Options(
            items=self.items[kept],
            scores=self.scores[kept],
            features=unlogged(n, m, 1),
            context=np.zeros((n, 0)),
        )
        return Decided(
            options=options,
            actions=self.actions[kept],
            propensities=np.minimum(self.propensities[kept], 1.0),
            rewards=rewards[kept],
            seen=seen[kept],
        )


def is_decision_log(path: Path) -> bool:
    """Return whether `path` is a log's own file, or a folder with exported decisions."""
    return (path / "decisions").is_dir() or path.suffix == ".db"


def _columns(batch: pa.RecordBatch, names: _Names) -> _Columns:
    candidates, slate = batch["candidates"], batch["slate"]
    shown, sizes, lengths = slate.flatten(), _lengths(candidates), _lengths(slate)
    items = _table(names.of(candidates.flatten()), sizes, NOTHING)
    slates = _table(names.of(shown.field("item_id")), lengths, NOTHING)
    alike = slates[:, :, None] == items[:, None, :]
    there = (slates != NOTHING) & alike.any(axis=2)
    scores = batch["scores"].flatten().to_numpy(zero_copy_only=False).astype(np.float64)
    chances = shown.field("propensity").to_numpy(zero_copy_only=False)
    return _Columns(
        items=items,
        scores=_table(scores, _lengths(batch["scores"]), 0.0),
        slates=slates,
        actions=np.where(there, alike.argmax(axis=2) if items.shape[1] else NOTHING, NOTHING),
        propensities=_table(chances, lengths, 1.0),
    )


def _among(ids: Ints, met: Ints) -> Bools:
    """Return which of `ids` (n,) are in `met`, which is sorted."""
    if len(met) == 0:
        return np.zeros(len(ids), np.bool_)
    among: Bools = met[np.minimum(np.searchsorted(met, ids), len(met) - 1)] == ids
    return among


def _lengths(lists: pa.Array) -> Ints:
    lengths: Ints = pc.fill_null(pc.list_value_length(lists), 0).to_numpy().astype(np.int64)
    return lengths


def _table(flat: Any, lengths: Ints, filler: float) -> Any:
    """Return rows of `lengths` (n,) one after the other in `flat` as a table, filled up at the end."""
    width = max(int(lengths.max(initial=0)), 1)
    table = np.full((len(lengths), width), filler, dtype=flat.dtype)
    table[np.arange(width) < lengths[:, None]] = flat
    return table


def _batches(path: Path, table: Table) -> Iterator[pa.RecordBatch]:
    """Yield what is in `table`, oldest first."""
    if path.is_file():
        yield from scan(path, table, 0)
        return
    for file in sorted((path / table).rglob("*.parquet")):
        try:
            yield from pq.ParquetFile(file).iter_batches(batch_size=BATCH_ROWS[table])
        except (pa.ArrowInvalid, OSError) as error:
            raise BadInputError("--log", f"cannot read {file}: {str(error).splitlines()[0]}") from error
