"""Logged rounds that another policy can be judged on: one action each, with the chance it was taken.

Not `LoggedFeedback`, which a policy learns from: that has a row for each piece of news about what was shown,
and nothing of the candidates that were not.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Bools, Floats, Ints

FEWEST = 2
"""Below this many rounds nothing can be said of how sure an estimate is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedActions:
    """n rounds, oldest first, in each of which one of `n_actions` actions was taken.

    `actions` (n,) from 0; `rewards` (n,) what each earned in all; `propensities` (n,) in (0, 1], the chance
    of the action under the policy that took it. The rest may be unknown: `contexts` (n, c) of the rounds;
    `positions` (n,) from 0; `candidates` (n, n_actions), which actions could be taken (all where None);
    `logging` (n, n_actions) the chance of every action; `predictions` (n, n_actions) the expected reward of
    every action by a model that has not seen the round; `loggers` (n,) codes from 0 of the policy that
    decided, where several did; `mixture` (n,) the chance of the action under a random one of them, weighted
    by their shares of the log; `reward_range`, which rewards are possible at all (those seen, where None).

    Raises `BadInputError` that names the first row at fault; `accepted` leaves such rows out instead.
    """

    actions: Ints
    rewards: Floats
    propensities: Floats
    n_actions: int
    contexts: Floats | None = None
    positions: Ints | None = None
    candidates: Bools | None = None
    logging: Floats | None = None
    predictions: Floats | None = None
    loggers: Ints | None = None
    mixture: Floats | None = None
    reward_range: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if len(self) < FEWEST:
            raise BadInputError("log", f"has {len(self)} rounds; an estimate needs at least {FEWEST}")
        self._check_shapes()
        for faults in (
            faults_of_actions(self.actions, self.n_actions, self.candidates),
            faults_of_chances("propensity", self.propensities),
            faults_of_numbers("reward", self.rewards),
        ):
            for reason, rows in faults.items():
                if rows.any():
                    raise BadInputError("log", f"{reason} in {rows.sum():,} rows, first in {rows.argmax()}")

    def __len__(self) -> int:
        return len(self.actions)

    def _check_shapes(self) -> None:
        n, wide = len(self), (len(self), self.n_actions)
        for name in ("rewards", "propensities", "contexts", "positions", "loggers", "mixture"):
            column = getattr(self, name)
            if column is not None and len(column) != n:
                raise BadInputError(name, f"has {len(column)} rows, but the log has {n} actions")
        for name in ("candidates", "logging", "predictions"):
            table = getattr(self, name)
            if table is not None and table.shape != wide:
                raise BadInputError(name, f"has the shape {table.shape}, but must have {wide}")

    def rows(self, rows: Ints | Bools) -> Self:
        """Return the rounds at `rows`, an index array or a mask."""
        kept = {name: getattr(self, name) for name in _BY_ROUND if getattr(self, name) is not None}
        return replace(self, **{name: column[rows] for name, column in kept.items()})

    def with_predictions(self, predictions: Floats) -> Self:
        """Return the log with the expected reward of every action, (n, n_actions)."""
        return replace(self, predictions=predictions)

    def span(self) -> tuple[float, float]:
        """Return the least and the largest possible reward: those stated, or else those seen."""
        if self.reward_range is not None:
            return self.reward_range
        return float(self.rewards.min()), float(self.rewards.max())


_BY_ROUND = (
    "actions",
    "rewards",
    "propensities",
    "contexts",
    "positions",
    "candidates",
    "logging",
    "predictions",
    "loggers",
    "mixture",
)


def faults_of_actions(actions: Ints, n_actions: int, candidates: Bools | None) -> dict[str, Bools]:
    """Return which of `actions` (n,) are none of the candidates."""
    outside = (actions < 0) | (actions >= n_actions)
    if candidates is not None:
        places = np.where(outside, 0, actions)
        outside |= ~np.take_along_axis(candidates, places[:, None], axis=1)[:, 0]
    return {"action outside the candidates": outside}


def faults_of_chances(name: str, chances: Floats) -> dict[str, Bools]:
    """Return which of `chances` (n,) cannot be the probability of something that happened."""
    missing = np.isnan(chances)
    return {
        f"{name} missing": missing,
        f"{name} 0 or below": ~missing & (chances <= 0.0),
        f"{name} above 1": ~missing & (chances > 1.0),
    }


def faults_of_numbers(name: str, numbers: Floats) -> dict[str, Bools]:
    """Return which of `numbers` (n,) are none."""
    return {f"{name} is no finite number": ~np.isfinite(numbers)}
