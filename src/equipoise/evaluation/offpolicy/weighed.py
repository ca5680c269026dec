"""A log under the eyes of a target: the few numbers a round that estimators need, whatever the actions."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, Self

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.target import Target, expected, taken
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """n rounds as (n,) arrays, so that a log can be read in pieces and forgotten.

    `rewards`; `chances` of the logged action under the target; `weights`, these over the propensities;
    `predicted` the model's reward of the logged action and `expected` its mean under the target, None without
    a model; `loggers` and `mixture` as in `LoggedActions`; `lowest` and `highest` possible reward.
    """

    rewards: Floats
    chances: Floats
    weights: Floats
    lowest: float
    highest: float
    predicted: Floats | None = None
    expected: Floats | None = None
    loggers: Ints | None = None
    mixture: Floats | None = None

    def __len__(self) -> int:
        return len(self.rewards)

    @classmethod
    def of(cls, log: LoggedActions, target: Target) -> Self:
        """Return `log` weighed for `target`."""
        if len(target) != len(log):
            raise BadInputError("target", f"is for {len(target)} rounds, but the log has {len(log)}")
        modelled = log.predictions is not None and target.all is not None
        lowest, highest = log.span()
        return cls(
            rewards=np.asarray(log.rewards, np.float64),
            chances=target.logged,
            weights=target.logged / log.propensities,
            lowest=lowest,
            highest=highest,
            predicted=taken(log.predictions, log.actions) if modelled else None,  # type: ignore[arg-type]
            expected=expected(target.all, log.predictions) if modelled else None,  # type: ignore[arg-type]
            loggers=log.loggers,
            mixture=log.mixture,
        )

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """Return the pieces of one log as one; each may be forgotten as soon as the next is asked for."""
        columns, lowest, highest = {name: _Column() for name in _COLUMNS}, inf, -inf
        for part in parts:
            lowest, highest = min(lowest, part.lowest), max(highest, part.highest)
            for name, column in columns.items():
                column.extend(getattr(part, name))
        if lowest > highest:
            raise BadInputError("log", "has no rounds")
        return cls(
            lowest=lowest, highest=highest, **{name: column.whole() for name, column in columns.items()}
        )

    def rows(self, rows: Ints | Bools) -> Self:
        """Return the rounds at `rows`, an index array or a mask."""
        kept = {name: getattr(self, name) for name in _COLUMNS if getattr(self, name) is not None}
        return replace(self, **{name: column[rows] for name, column in kept.items()})

    def model(self) -> tuple[Floats, Floats]:
        """Return `predicted` and `expected`; refuse where there is no model."""
        if self.predicted is None or self.expected is None:
            raise BadInputError(
                "predictions",
                "this estimator needs a reward model and the target's chance of every action; "
                "give the log predictions with `predicted(log, …)`",
            )
        return self.predicted, self.expected

    def ess(self) -> float:
        """Return the effective sample size: how many rounds of the target's own would say as much."""
        return effective(self.weights)


def effective(weights: Floats) -> float:
    """Return (sum w)^2 / sum w^2, 0 where all are 0 (Kish, 1965)."""
    squares = float(np.dot(weights, weights))
    return float(weights.sum()) ** 2 / squares if squares > 0.0 else 0.0


@dataclass(slots=True)
class _Column:
    """An array that grows where it is, so that a long log is in memory once."""

    held: bytearray = field(default_factory=bytearray)
    kind: np.dtype[Any] | None = None

    def extend(self, piece: Any) -> None:
        """Add `piece` at the end; None adds nothing."""
        if piece is not None:
            self.kind = piece.dtype
            self.held += piece.tobytes()

    def whole(self) -> Any:
        """Return all pieces as one array, None if there were none."""
        return None if self.kind is None else np.frombuffer(self.held, self.kind)


_COLUMNS = ("rewards", "chances", "weights", "predicted", "expected", "loggers", "mixture")
