"""What the policy to be judged would have done in each round of a log."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.kernels import kernel
from equipoise.types import Floats, Ints

SLACK = 1e-4
"""Probabilities kept as float32 need not add up to 1 more exactly than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`logged` (n,) the target's chance of the logged action; `all` (n, n_actions) that of every action.

    Where `all` is None only estimators that weigh what was logged can be used.
    """

    logged: Floats
    all: Floats | None = None

    def __post_init__(self) -> None:
        if not ((self.logged >= 0.0) & (self.logged <= 1.0 + SLACK)).all():
            raise BadInputError("target", "probabilities must lie in [0, 1]")

    def __len__(self) -> int:
        return len(self.logged)

    @classmethod
    def of(cls, probabilities: Floats, log: LoggedActions) -> Self:
        """Return the target that takes each action with `probabilities` (n, n_actions) or (n_actions,)."""
        wide = (len(log), log.n_actions)
        if probabilities.shape not in (wide, wide[1:]):
            raise BadInputError("target", f"has the shape {probabilities.shape}, but must have {wide}")
        probabilities = np.broadcast_to(probabilities, wide)
        row = _first_wrong(probabilities, SLACK)
        if row >= 0:
            raise BadInputError("target", f"row {row} is no distribution: not in [0, 1], or the sum is not 1")
        return cls(logged=taken(probabilities, log.actions), all=probabilities)


def taken(table: Floats, actions: Ints) -> Floats:
    """Return the column `actions` (n,) of each row of `table` (n, n_actions), (n,)."""
    column: Floats = table[np.arange(len(table)), actions].astype(np.float64)
    return column


@kernel
def _first_wrong(table: Floats, slack: float) -> int:
    """Return the first row that is no distribution, -1 where all are."""
    for row in range(len(table)):
        total = 0.0
        for column in range(table.shape[1]):
            chance = table[row, column]
            if not 0.0 <= chance <= 1.0 + slack:
                return row
            total += chance
        if not abs(total - 1.0) <= slack:
            return row
    return -1


@kernel
def expected(probabilities: Floats, values: Floats) -> Floats:
    """Return the mean of each row of `values` (n, m) under `probabilities` (n, m), without copies of them."""
    means = np.empty(len(values))
    for row in range(len(values)):
        total = 0.0
        for column in range(values.shape[1]):
            total += probabilities[row, column] * values[row, column]
        means[row] = total
    return means
