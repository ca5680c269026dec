"""The log of decisions, read in pieces: candidates, scores, slates with propensities, and rewards."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from equipoise.data.rewards import RewardWeights
from equipoise.evaluation.offpolicy.sources.columns import Columns, Names, first_version, kept_features
from equipoise.evaluation.offpolicy.sources.decided import Decided
from equipoise.evaluation.offpolicy.sources.events import Earned, keys
from equipoise.evaluation.offpolicy.sources.met import Met
from equipoise.evaluation.offpolicy.sources.tables import batches, item_ids
from equipoise.types import Bools, Floats, Ints


@dataclass(slots=True, kw_only=True)
class DecisionLog:
    """Reads `path`: the log's own file, or a folder that `equipoise export` wrote.

    Only decisions numbered above `after`, up to `until`, of one `variant` and by one `policy`; None of them
    limits nothing. The features of all candidates are read where they are of `features_version`, where None
    of the first version met. Items have the codes that the shop serves by: the order in
    which the log first told of them.

    In memory are one piece, 8 bytes for the id of each decision read, and 28 for each event that names one.
    `refused` counts the decisions left out, `policies` those read by the policy that made them, `first` and
    `last` are the numbers of the outermost; all are complete once all pieces were read.
    """

    path: Path
    rewards: RewardWeights = field(default_factory=RewardWeights)
    variant: str | None = None
    policy: str | None = None
    after: int | None = None
    until: int | None = None
    features_version: str | None = None
    refused: Counter[str] = field(default_factory=Counter)
    policies: Counter[str] = field(default_factory=Counter)
    first: int | None = None
    last: int | None = None

    def pieces(self) -> Iterator[Decided]:
        """Yield the usable decisions, oldest first."""
        earned = Earned.of(batches(self.path, "events"), self.rewards)
        names = Names(codes={name: code for code, name in enumerate(item_ids(self.path))})
        met, version = Met(), self.features_version
        self.refused.clear()
        self.policies.clear()
        self.first = self.last = None
        for mine in self._mine():
            self._count(mine)
            ids = keys(mine["recommendation_id"].to_pylist())
            again, columns = met.add(ids), Columns.of(mine, names)
            rewards, seen = earned.on(ids, names.keys(columns.slates))
            good = self._good(columns, again, rewards)
            version = first_version(mine) if version is None else version
            if good.any():
                yield columns.rows(good, rewards, seen, kept_features(mine, columns.items, version))

    def numbers(self) -> Ints:
        """Return the numbers of its decisions, in order, usable or not."""
        parts = [batch["seq"].to_numpy() for batch in self._mine()]
        return np.sort(np.concatenate(parts)) if parts else np.empty(0, np.int64)

    def _good(self, columns: Columns, again: Bools, rewards: Floats) -> Bools:
        """Return which decisions hold together, and count the others by their first fault."""
        good = np.ones(len(again), np.bool_)
        faults = columns.faults() | {
            "id seen before": again,
            "reward is no finite number": ~np.isfinite(rewards).all(axis=1),
        }
        for reason, rows in faults.items():
            self.refused[reason] += int((rows & good).sum())
            good &= ~rows
        self.refused += Counter()  # drops the reasons that were never met
        return good

    def _mine(self) -> Iterator[pa.RecordBatch]:
        for batch in batches(self.path, "decisions", self.after or 0):
            mine = batch.filter(self._wanted(batch))
            if mine.num_rows:
                yield mine

    def _wanted(self, batch: pa.RecordBatch) -> pa.Array:
        wanted = pc.is_valid(batch["seq"])
        if self.after is not None:
            wanted = pc.and_(wanted, pc.greater(batch["seq"], self.after))
        if self.until is not None:
            wanted = pc.and_(wanted, pc.less_equal(batch["seq"], self.until))
        for name in ("variant", "policy"):
            if getattr(self, name) is not None:
                wanted = pc.and_(wanted, pc.equal(batch[name], getattr(self, name)))
        return wanted

    def _count(self, mine: pa.RecordBatch) -> None:
        self.policies.update(mine["policy"].to_pylist())
        self.first = int(mine["seq"][0].as_py()) if self.first is None else self.first
        self.last = int(mine["seq"][-1].as_py())
