"""What was known when a row happened: sums over the rows of the same key at strictly earlier times."""

from dataclasses import dataclass

import numpy as np

from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Before:
    """For each row, where in the order of (key, time) its own key begins and its own moment begins."""

    order: Ints
    starts: Ints
    moments: Ints

    @classmethod
    def of(cls, keys: Ints, times: Ints) -> "Before":
        """Look back along `times` (n,) among the rows of equal `keys` (n,)."""
        order = np.lexsort((times, keys))
        fresh_key = np.diff(keys[order], prepend=-1) != 0
        fresh_moment = fresh_key | (np.diff(times[order], prepend=-1) != 0)
        fresh_key[:1] = fresh_moment[:1] = True
        places = np.arange(len(keys))
        starts, moments = np.empty((2, len(keys)), np.int64)
        starts[order] = np.maximum.accumulate(np.where(fresh_key, places, 0))
        moments[order] = np.maximum.accumulate(np.where(fresh_moment, places, 0))
        return cls(order, starts, moments)

    def count(self) -> Ints:
        """Return the number of earlier rows of the same key, (n,)."""
        return self.moments - self.starts

    def total(self, values: Floats, last: int | None = None) -> Floats:
        """Return the sum of `values` (n,) over the earlier rows of the same key, or over the `last` of
        them.
        """
        sums = np.concatenate(([0.0], np.cumsum(values[self.order], dtype=np.float64)))
        starts = self.starts if last is None else np.maximum(self.starts, self.moments - last)
        return np.asarray(sums[self.moments] - sums[starts])

    def rate(self, values: Floats, *, prior: float, strength: float, last: int | None = None) -> Floats:
        """Return the mean of `values` over the earlier rows, as if `strength` rows of `prior` came before
        them.
        """
        count = self.count() if last is None else np.minimum(self.count(), last)
        return (self.total(values, last) + strength * prior) / (count + strength)

    def since(self, times: Ints) -> Floats:
        """Return how long before each row the newest earlier row of its key was, (n,); NaN where there is
        none.
        """
        newest = self.order[np.maximum(self.moments - 1, 0)]
        return np.where(self.count() > 0, (times - times[newest]).astype(np.float64), np.nan)

    def places(self, length: int) -> Ints:
        """Return the newest `length` earlier rows of the same key, oldest first, (n, length); -1 in front."""
        found = self.moments[:, None] - np.arange(length, 0, -1)
        inside = found >= self.starts[:, None]
        return np.where(inside, self.order[np.where(inside, found, 0)] if len(found) else found, -1)
