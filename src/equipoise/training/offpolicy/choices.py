"""Logged choices to learn from: what there was, what was taken, how likely, and what it earned."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.sources.decided import Decided
from equipoise.policies.policy import NOTHING
from equipoise.policies.softmax_linear import SIGNALS, signals
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """n decisions among up to m candidates, each a slate of up to k positions; a single action is k = 1.

    `items` (n, m) codes, -1 where a row has fewer; `told` (n, m, 2) the signals of their scores; `context`
    (n, c); `actions` (n, k) places among the candidates, -1 where a slate ends; `propensities` (n, k) given
    those above; `rewards` (n, k). `guesses` (n, m), None without a model: what each candidate earns more than
    its position does on average, by a model that has not seen the decision.
    """

    items: Ints
    told: Floats
    context: Floats
    actions: Ints
    propensities: Floats
    rewards: Floats
    guesses: Floats | None = None

    def __post_init__(self) -> None:
        if len(self.actions) < 2:
            raise BadInputError("--log", f"holds {len(self.actions)} decisions to learn from; log more")

    def __len__(self) -> int:
        return len(self.actions)

    @property
    def n_items(self) -> int:
        """One more than the largest code of an item."""
        return int(self.items.max(initial=NOTHING)) + 1

    @property
    def filled(self) -> Bools:
        """Which positions hold something, (n, k)."""
        filled: Bools = self.actions != NOTHING
        return filled

    def means(self) -> Floats:
        """Return the mean reward of each position, (k,)."""
        means: Floats = self.rewards.sum(axis=0) / np.maximum(self.filled.sum(axis=0), 1)
        return means

    @classmethod
    def of_decisions(cls, pieces: Iterable[Decided], *, newest: int) -> Self:
        """Return the `newest` decisions of those in `pieces`, oldest first; little more is in memory."""
        kept: deque[Decided] = deque()
        for piece in pieces:
            kept.append(piece)
            while sum(map(len, kept)) - len(kept[0]) >= newest:
                kept.popleft()
        if not kept:
            raise BadInputError("--log", "holds no decision that can be used")
        tables = [_columns(piece) for piece in kept]
        joined = {name: _stacked([table[name] for table in tables], filler) for name, filler in _FILLERS}
        return cls(context=np.zeros((len(joined["items"]), 0)), **joined).last(newest)

    @classmethod
    def of_actions(cls, log: LoggedActions) -> Self:
        """Return a log of single actions, its predictions as guesses where it has any."""
        wide = (len(log), log.n_actions)
        codes = np.broadcast_to(np.arange(log.n_actions, dtype=np.int32), wide)
        guesses = None if log.predictions is None else log.predictions - np.float32(log.rewards.mean())
        return cls(
            items=codes if log.candidates is None else np.where(log.candidates, codes, NOTHING),
            told=np.broadcast_to(np.zeros((), np.float32), (*wide, SIGNALS)),
            context=np.zeros((len(log), 0)) if log.contexts is None else log.contexts,
            actions=log.actions[:, None],
            propensities=log.propensities[:, None],
            rewards=np.asarray(log.rewards, np.float64)[:, None],
            guesses=guesses,
        )

    def last(self, newest: int) -> Self:
        """Return the last `newest` decisions."""
        return replace(self, **{name: column[-newest:] for name, column in self._columns().items()})

    def _columns(self) -> dict[str, Any]:
        columns = {name: getattr(self, name) for name in self.__slots__}
        return {name: column for name, column in columns.items() if column is not None}


_FILLERS = (("items", NOTHING), ("told", 0.0), ("actions", NOTHING), ("propensities", 1.0), ("rewards", 0.0))


def _columns(piece: Decided) -> dict[str, Any]:
    options = piece.options
    return {
        "items": options.items.astype(np.int32),
        "told": signals(options.scores, options.items).astype(np.float32),
        "actions": piece.actions,
        "propensities": piece.propensities,
        "rewards": piece.rewards,
    }


def _stacked(tables: Sequence[Any], filler: float) -> Any:
    """Return tables (n, m, …) of different m as one, filled up at the end of each row."""
    width = max(table.shape[1] for table in tables)
    shape = (sum(map(len, tables)), width, *tables[0].shape[2:])
    stacked, start = np.full(shape, filler, tables[0].dtype), 0
    for table in tables:
        stacked[start : start + len(table), : table.shape[1]] = table
        start += len(table)
    return stacked
