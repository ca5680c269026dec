"""A stretch of the log of decisions: from one fact to another, by one policy, in the shop's own codes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from equipoise.evaluation.offpolicy.sources.decisions import (
    Decided,
    DecisionLog,
    _batches,
    _columns,
    _Names,
)
from equipoise.evaluation.offpolicy.sources.events import Earned, keys
from equipoise.evaluation.offpolicy.sources.met import Met
from equipoise.types import Ints


@dataclass(slots=True, kw_only=True)
class Stretch(DecisionLog):
    """The decisions numbered above `after`, up to `until`, of one `variant` and by one `policy`.

    None of them limits nothing. Items have the codes that the shop serves by: the order in which the log
    first told of them. `policies` counts the decisions read by the policy that made them, and `first` and
    `last` are the numbers of the outermost; all are complete once all pieces were read.
    """

    after: int | None = None
    until: int | None = None
    policy: str | None = None
    policies: Counter[str] = field(default_factory=Counter)
    first: int | None = None
    last: int | None = None

    def pieces(self) -> Iterator[Decided]:
        """Yield the usable decisions, oldest first."""
        earned = Earned.of(_batches(self.path, "events"), self.rewards)
        names = _Names(codes={name: code for code, name in enumerate(item_ids(self.path))})
        met = Met()
        self.refused.clear()
        self.policies.clear()
        self.first = self.last = None
        for mine in self._mine():
            self._count(mine)
            ids = keys(mine["recommendation_id"].to_pylist())
            again = met.add(ids)
            columns = _columns(mine, names)
            rewards, seen = earned.on(ids, names.keys(columns.slates))
            kept = self._kept(columns, again, rewards)
            if kept.any():
                yield columns.rows(kept, rewards, seen)

    def numbers(self) -> Ints:
        """Return the numbers of its decisions, in order, usable or not."""
        parts = [batch["seq"].to_numpy() for batch in self._mine()]
        return np.sort(np.concatenate(parts)) if parts else np.empty(0, np.int64)

    def _mine(self) -> Iterator[pa.RecordBatch]:
        for batch in _batches(self.path, "decisions"):
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


def item_ids(path: Path) -> list[str]:
    """Return the items of the log at `path` in the order in which it first told of them."""
    told: dict[str, None] = {}
    for batch in _batches(path, "items"):
        told.update(dict.fromkeys(batch["item_id"].to_pylist()))
    return list(told)
