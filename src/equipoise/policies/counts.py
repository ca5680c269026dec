"""What each item earned, counted: sums over its impressions that fade as new impressions come."""

from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np

from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class News:
    """n rows of feedback as counts see them, every array (n,).

    `seen` 1 where an impression is counted, 0 where only a late reward comes; `exposure` is `seen` times
    the examination of the position; `rewards` what is newly earned.
    """

    items: Ints
    seen: Floats
    exposure: Floats
    rewards: Floats


class Counts(Protocol):
    """Sums over the impressions of each item, (items + 1,); row -1 stands for every item never shown."""

    @property
    def exposure(self) -> Floats:
        """Examinations."""
        ...

    @property
    def earned(self) -> Floats:
        """Rewards."""
        ...

    @property
    def squares(self) -> Floats:
        """Squared rewards: of the rows, where the reward of an impression comes in parts."""
        ...

    def add(self, news: News) -> Self:
        """Return the counts after `news`; these stay as they are."""
        ...

    def keep(self, news: News) -> float:
        """Return the factor by which `news` makes the past fade, for whatever fades along."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FadingCounts:
    """Counts that fade by half in `half_life` impressions: what was is never quite gone."""

    half_life: float
    exposure: Floats
    earned: Floats
    squares: Floats

    @classmethod
    def none(cls, half_life: float) -> Self:
        """Return the counts before any impression."""
        return cls(half_life=half_life, exposure=np.zeros(1), earned=np.zeros(1), squares=np.zeros(1))

    def add(self, news: News) -> Self:
        """Return the counts after `news`, in O(items + rows)."""
        keep = self.keep(news)
        fresh = tallied(news.items, news.exposure, news.rewards, len(self.exposure) - 1)
        return replace(
            self,
            exposure=_faded(self.exposure, keep, fresh[0]),
            earned=_faded(self.earned, keep, fresh[1]),
            squares=_faded(self.squares, keep, fresh[2]),
        )

    def keep(self, news: News) -> float:
        """Return 1/2 to the number of half-lives that pass."""
        return float(0.5 ** (news.seen.sum() / self.half_life))


def tallied(items: Ints, exposure: Floats, rewards: Floats, n_items: int) -> tuple[Floats, Floats, Floats]:
    """Return the sums of exposure, reward and squared reward of each item, at least `n_items` + 1 rows."""
    size = max(n_items, int(items.max(initial=-1)) + 1) + 1
    columns = (exposure, rewards, rewards**2)
    exposures, earned, squares = (np.bincount(items, column, size).astype(np.float64) for column in columns)
    return exposures, earned, squares


def _faded(old: Floats, keep: float, fresh: Floats) -> Floats:
    """Return `fresh` plus what is kept of `old`, which may be shorter: its last row is empty."""
    fresh[: len(old)] += keep * old
    return fresh
