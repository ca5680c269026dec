"""Tallies by time bucket: fine while a run is short, twice as wide each time it outgrows the chart."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from equipoise.serving.report import Series, VariantSeries

SECOND = 1_000_000


@dataclass(slots=True)
class Bucket:
    """What the slates served in one stretch of time came to, however late their rewards arrived."""

    slates: int = 0
    impressions: int = 0
    explored: int = 0
    reward: float = 0.0
    revenue: float = 0.0

    def merge(self, other: "Bucket") -> None:
        """Add the sums of a neighbouring bucket."""
        self.slates += other.slates
        self.impressions += other.impressions
        self.explored += other.explored
        self.reward += other.reward
        self.revenue += other.revenue


class Buckets:
    """The newest `length` buckets of each variant, each `width` microseconds wide.

    A slate older than the oldest bucket is left out of the series.
    """

    def __init__(self, *, width: int = 5 * SECOND, length: int = 120) -> None:
        self.width = width
        self._length = length
        self._newest = 0
        self._variants: dict[str, dict[int, Bucket]] = defaultdict(dict)

    def at(self, variant: str, time: int) -> Bucket:
        """Return the bucket of a slate served at `time` (microseconds)."""
        index = time // self.width
        if index <= self._newest - self._length:
            return Bucket()
        buckets = self._variants[variant]
        bucket = buckets.get(index)
        if bucket is None:
            bucket = buckets[index] = Bucket()
            self._forget(index)
        return bucket

    def cover(self, start: int, now: int) -> None:
        """Double the width until the buckets reach from `start` to `now` (microseconds)."""
        while now // self.width - start // self.width >= self._length:
            self._double()
        self._forget(now // self.width)

    def series(self, now: int) -> Series:
        """Return one value for each bucket from the oldest that holds a slate to that of `now`."""
        last = now // self.width
        held = [index for buckets in self._variants.values() for index in buckets if index <= last]
        indices = range(min(held, default=last), last + 1)
        return Series(
            seconds=tuple(index * self.width / SECOND for index in indices),
            variants={name: _values(buckets, indices) for name, buckets in self._variants.items()},
        )

    def _double(self) -> None:
        self.width *= 2
        self._newest //= 2
        for name, narrow in self._variants.items():
            wide: dict[int, Bucket] = defaultdict(Bucket)
            for index, bucket in narrow.items():
                wide[index // 2].merge(bucket)
            self._variants[name] = dict(wide)

    def _forget(self, newest: int) -> None:
        if newest <= self._newest:
            return
        self._newest = newest
        for buckets in self._variants.values():
            for index in [index for index in buckets if index <= newest - self._length]:
                del buckets[index]


def _values(buckets: dict[int, Bucket], indices: Iterable[int]) -> VariantSeries:
    row = [buckets.get(index, Bucket()) for index in indices]
    return VariantSeries(
        reward=tuple(ratio(bucket.reward, bucket.slates) for bucket in row),
        revenue=tuple(ratio(1000 * bucket.revenue, bucket.slates) for bucket in row),
        explored=tuple(ratio(bucket.explored, bucket.impressions) for bucket in row),
    )


def ratio(amount: float, count: int) -> float | None:
    """Return `amount` per one of `count`, or None where there is none yet."""
    return amount / count if count > 0 else None
