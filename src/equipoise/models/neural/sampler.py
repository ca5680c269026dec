"""What a sequence model is shown: stretches of histories, and items met soon after.

Shoppers fill baskets in no particular order, so the order inside a basket (the same user at the same
time) is drawn anew each epoch, and a target is drawn from the next `horizon` items instead of being
the very next one (Pancha et al., 2022, "PinnerFormer", dense all-action loss).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import PADDING
from equipoise.data.interactions import Interactions
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """`inputs` (b, length) item codes, left-padded.

    Example i is to predict `targets[i]` from the place (rows[i], places[i]), and weighs `weights[i]`.
    """

    inputs: Ints
    rows: Ints
    places: Ints
    targets: Ints
    weights: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampler:
    """Draws batches of `batch_size` stretches of `length` items, each with up to `targets` targets.

    Targets count half as much after `half_life_days`, and only where the user met the item for the
    first time, for that is what is asked of a recommender.
    """

    data: Interactions
    length: int
    horizon: int
    targets: int
    batch_size: int
    half_life_days: float

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        """Yield batches that together pass over every history once."""
        order = _within_baskets(self.data, rng)
        weights = self.data.weights * self.data.recency(self.half_life_days)
        shown = _Rows(self.data.items, fresh(self.data), weights).take(order)
        stretches = _Stretches.of(self.data, self.length, rng)
        shuffled = rng.permutation(len(stretches.ends))
        for at in range(0, len(shuffled), self.batch_size):
            batch = self._batch(shown, stretches.take(shuffled[at : at + self.batch_size]), rng)
            if len(batch.targets) > 0:
                yield batch

    def steps(self) -> int:
        """Return the number of batches of an epoch, at most."""
        stretches = _Stretches.of(self.data, self.length, np.random.default_rng(0))
        return -(-len(stretches.ends) // self.batch_size)

    def _batch(self, shown: "_Rows", where: "_Stretches", rng: np.random.Generator) -> Batch:
        seen = where.ends[:, None] - np.arange(self.length, 0, -1)
        inside = seen >= where.starts[:, None]
        last = self._draw(np.maximum(where.starts, where.ends - self.length), where.ends, rng)
        last[:, 0] = where.ends - 1
        ahead = self._draw(last + 1, np.minimum(where.stops[:, None], last + 1 + self.horizon), rng)
        rows, columns = np.nonzero(shown.firsts[ahead])
        drawn = ahead[rows, columns]
        return Batch(
            inputs=np.where(inside, shown.items[np.where(inside, seen, 0)], PADDING),
            rows=rows,
            places=self.length - where.ends[rows] + last[rows, columns],
            targets=shown.items[drawn],
            weights=shown.weights[drawn],
        )

    def _draw(self, low: Ints, high: Ints, rng: np.random.Generator) -> Ints:
        """Draw `targets` numbers a row, each from `low` to below `high`, (b, targets)."""
        low, high = (bound.reshape(len(bound), -1) for bound in (low, high))
        return rng.integers(low, high, (len(low), self.targets))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The interactions in the order of one epoch: items, whether first of their user, and weights."""

    items: Ints
    firsts: Bools
    weights: Floats

    def take(self, order: Ints) -> "_Rows":
        return _Rows(self.items[order], self.firsts[order], self.weights[order])


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Stretches end before the row `ends` (m,), within histories of the rows `starts` to below `stops`."""

    ends: Ints
    starts: Ints
    stops: Ints

    @classmethod
    def of(cls, data: Interactions, length: int, rng: np.random.Generator) -> "_Stretches":
        """Cut one stretch for each half `length` of a history, shifted at random."""
        offsets = data.histories().offsets
        starts, stops = offsets[:-1][np.diff(offsets) > 1], offsets[1:][np.diff(offsets) > 1]
        stride = max(1, length // 2)
        counts = -(-(stops - starts - 1) // stride)
        nth = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        starts, stops = np.repeat(starts, counts), np.repeat(stops, counts)
        ends = stops - 1 - stride * nth - rng.integers(0, stride, len(nth))
        return cls(np.maximum(ends, starts + 1), starts, stops)

    def take(self, rows: Ints) -> "_Stretches":
        return _Stretches(self.ends[rows], self.starts[rows], self.stops[rows])


def _within_baskets(data: Interactions, rng: np.random.Generator) -> Ints:
    return np.lexsort((rng.random(len(data)), data.times, data.users))


def fresh(data: Interactions) -> Bools:
    """Return which interactions are the first of their user with their item, (n,)."""
    first = np.zeros(len(data), np.bool_)
    first[np.unique(data.users * data.n_items + data.items, return_index=True)[1]] = True
    return first
