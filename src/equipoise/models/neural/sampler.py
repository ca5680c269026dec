"""What a sequence model is shown: stretches of histories, and items met soon after.

Shoppers fill baskets in no particular order, so the order inside a basket (the same user at the same
time) is drawn anew each epoch, and a target is drawn from the next `horizon` items instead of being
the very next one (Pancha et al., 2022, "PinnerFormer", dense all-action loss).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import PADDING
from equipoise.data.interactions import DAY, Interactions
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
        items, firsts, weights = self.data.items[order], fresh(self.data)[order], self._weights()[order]
        ends, starts, stops = self._ends(rng)
        shuffled = rng.permutation(len(ends))
        for at in range(0, len(shuffled), self.batch_size):
            chosen = shuffled[at : at + self.batch_size]
            where = ends[chosen], starts[chosen], stops[chosen]
            batch = self._batch(items, firsts, weights, *where, rng)
            if len(batch.targets) > 0:
                yield batch

    def steps(self) -> int:
        """Return the number of batches of an epoch, at most."""
        return -(-len(self._ends(np.random.default_rng(0))[0]) // self.batch_size)

    def _batch(
        self,
        items: Ints,
        firsts: Bools,
        weights: Floats,
        ends: Ints,
        starts: Ints,
        stops: Ints,
        rng: np.random.Generator,
    ) -> Batch:
        seen = ends[:, None] - np.arange(self.length, 0, -1)
        inside = seen >= starts[:, None]
        places = rng.integers(0, self.length, (len(ends), self.targets))
        places[:, 0] = self.length - 1
        last = np.take_along_axis(seen, places, axis=1)
        ahead = last + rng.integers(1, self.horizon + 1, last.shape)
        usable = (last >= starts[:, None]) & (ahead < stops[:, None])
        usable &= firsts[np.where(usable, ahead, 0)]
        rows, columns = np.nonzero(usable)
        drawn = ahead[rows, columns]
        return Batch(
            inputs=np.where(inside, items[np.where(inside, seen, 0)], PADDING),
            rows=rows,
            places=places[rows, columns],
            targets=items[drawn],
            weights=weights[drawn],
        )

    def _weights(self) -> Floats:
        ages = (self.data.times.max() - self.data.times) / DAY
        return np.asarray(0.5 ** (ages / self.half_life_days))

    def _ends(self, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
        """Return where stretches end, and where the histories they are from start and stop.

        A history of h items gives one stretch for each half `length`, shifted at random.
        """
        offsets = self.data.histories().offsets
        starts, stops = offsets[:-1][np.diff(offsets) > 1], offsets[1:][np.diff(offsets) > 1]
        stride = max(1, self.length // 2)
        counts = -(-(stops - starts - 1) // stride)
        nth = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        starts, stops = np.repeat(starts, counts), np.repeat(stops, counts)
        ends = stops - 1 - stride * nth - rng.integers(0, stride, len(nth))
        return np.maximum(ends, starts + 1), starts, stops


def _within_baskets(data: Interactions, rng: np.random.Generator) -> Ints:
    return np.lexsort((rng.random(len(data)), data.times, data.users))


def fresh(data: Interactions) -> Bools:
    """Return which interactions are the first of their user with their item, (n,)."""
    first = np.zeros(len(data), np.bool_)
    first[np.unique(data.users * data.n_items + data.items, return_index=True)[1]] = True
    return first
