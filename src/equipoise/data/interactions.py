"""(user, item, time, weight) rows made from events, for training."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.types import Bools, Floats, Ints

DAY = 86_400_000_000
"""Microseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interactions:
    """n interactions, sorted by user and then by time.

    `users`, `items` (n,) codes; `times` (n,) microseconds UTC, or places in the order where there are no
    dates; `weights` (n,) how much each one says, or the rating where there is one; `values` (n,) money
    of each one, 0 where there was none; `kinds` (n,) the places of their event types in `EVENT_TYPES`, None
    where all are alike or nobody knows.
    """

    users: Ints
    items: Ints
    times: Ints
    weights: Floats
    values: Floats
    n_users: int
    n_items: int
    kinds: Ints | None = None

    def __post_init__(self) -> None:
        if not len(self.users) == len(self.items) == len(self.times) == len(self.weights) == len(self.values):
            raise BadInputError("interactions", "users, items, times, weights and values differ in length")
        if self.kinds is not None and len(self.kinds) != len(self.users):
            raise BadInputError("interactions", "kinds must have one entry an interaction")
        if not (_codes(self.users, self.n_users) and _codes(self.items, self.n_items)):
            raise BadInputError("interactions", "a code lies outside n_users or n_items")
        if not (np.isfinite(self.weights).all() and np.isfinite(self.values).all()):
            raise BadInputError(
                "interactions", "weights and values must be finite; leave out the rows, or give 0"
            )
        step = np.diff(self.users)
        if ((step < 0) | ((step == 0) & (np.diff(self.times) < 0))).any():
            raise BadInputError("interactions", "must be sorted by user and then by time")

    def __len__(self) -> int:
        return len(self.users)

    def where(self, keep: Bools) -> "Interactions":
        """Return the interactions of the mask `keep` (n,), with the same codes."""
        return Interactions(
            users=self.users[keep],
            items=self.items[keep],
            times=self.times[keep],
            weights=self.weights[keep],
            values=self.values[keep],
            n_users=self.n_users,
            n_items=self.n_items,
            kinds=None if self.kinds is None else self.kinds[keep],
        )

    def recency(self, half_life_days: float) -> Floats:
        """Return 1 for the newest interaction and half as much for each `half_life_days` of age, (n,)."""
        newest = self.times.max(initial=0)
        return np.asarray(0.5 ** ((newest - self.times) / DAY / half_life_days))

    def histories(self) -> Histories:
        """Return one history a user, 0 to n_users - 1, empty where a user has no interaction."""
        counts = np.bincount(self.users, minlength=self.n_users)
        offsets = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
        return Histories(self.items, offsets, self.kinds, self.times)

    def matrix(self, decay: float = 1.0) -> sparse.csr_matrix:
        """Return the (n_users, n_items) CSR matrix of what each user met, aged as in `Histories.matrix`."""
        return self.histories().matrix(self.n_items, decay)


def _codes(codes: Ints, n: int) -> bool:
    return len(codes) == 0 or bool(codes.min() >= 0 and codes.max() < n)
