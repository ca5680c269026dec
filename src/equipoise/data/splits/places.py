"""Where each row stands in its user's history."""

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.types import Bools, Ints

NOWHERE = -1


def starts(data: Interactions) -> Ints:
    """Return the row at which each user's history starts, and the number of rows, (n_users + 1,)."""
    counts = np.bincount(data.users, minlength=data.n_users)
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))


def places(data: Interactions) -> Ints:
    """Return the place of each row in its user's history, from 0, (n,)."""
    return np.arange(len(data)) - starts(data)[data.users]


def newest(data: Interactions, of: Ints, among: Bools) -> Ints:
    """Return the highest value `of` (n,) each user's rows `among` (n,), `NOWHERE` without any, (n_users,)."""
    found = np.full(data.n_users, NOWHERE)
    np.maximum.at(found, data.users[among], of[among])
    return found
