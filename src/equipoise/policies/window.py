"""Counts over a sliding window: the last impressions count in full, older ones not at all.

The sliding window of Garivier and Moulines (2011, "On upper-confidence bound policies for switching bandit
problems"), for tastes that jump rather than drift.
"""

from dataclasses import dataclass
from math import log
from typing import Self

import numpy as np

from equipoise.policies.counts import News, tallied
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowCounts:
    """Counts over the last `window` impressions, and the rows they are made of.

    `items`, `exposures` and `rewards` (rows,) in the order they came; `clock` (rows,) how many impressions
    had been counted by then. A late reward counts from when it comes, so it stays longer than its
    impression by its delay. Sums are made anew at each update, in O(items + window): nothing is subtracted,
    so what has left leaves no dust.
    """

    window: int
    exposure: Floats
    earned: Floats
    squares: Floats
    items: Ints
    exposures: Floats
    rewards: Floats
    clock: Floats

    @classmethod
    def none(cls, window: int) -> Self:
        """Return the counts before any impression."""
        none = np.zeros(0)
        return cls(
            window=window,
            exposure=np.zeros(1),
            earned=np.zeros(1),
            squares=np.zeros(1),
            items=np.zeros(0, np.int64),
            exposures=none,
            rewards=none,
            clock=none,
        )

    def add(self, news: News) -> Self:
        """Return the counts after `news`."""
        now = float(self.clock[-1]) if len(self.clock) else 0.0
        clock = np.concatenate((self.clock, now + news.seen.cumsum()))
        inside = clock > clock[-1] - self.window
        items = np.concatenate((self.items, news.items))[inside]
        exposures = np.concatenate((self.exposures, news.exposure))[inside]
        rewards = np.concatenate((self.rewards, news.rewards))[inside]
        exposure, earned, squares = tallied(items, exposures, rewards, len(self.exposure) - 1)
        return type(self)(
            window=self.window,
            exposure=exposure,
            earned=earned,
            squares=squares,
            items=items,
            exposures=exposures,
            rewards=rewards,
            clock=clock[inside],
        )

    def keep(self, news: News) -> float:
        """Return the fading that remembers as many impressions as the window does."""
        return float(0.5 ** (news.seen.sum() / (log(2.0) * self.window)))
