"""The sessions of the past, newest first, and which of them met an item."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.types import Floats, Ints

RECENT = 0.1
"""The share of the sessions that count as recent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSessions:
    """S sessions, 0 the newest; each user of the interactions is one.

    Session s is `items[offsets[s]:offsets[s + 1]]`, oldest item first, repeats kept; `distinct` (S,) is how
    many different items it has. `visits[visit_offsets[i]:visit_offsets[i + 1]]` are the sessions that met
    item i, newest first, each once.
    """

    items: Ints
    offsets: Ints
    distinct: Ints
    visits: Ints
    visit_offsets: Ints

    @classmethod
    def of(cls, data: Interactions) -> "PastSessions":
        """Order the users of `data` by their first interaction, those of one time by their codes.

        The first and not the last, so that sessions whose times are only places within each of them stay in
        the order of their codes instead of their lengths.
        """
        histories = _newest_first(data)
        n, rows = len(histories), histories.rows()
        pairs = np.unique(histories.items * max(n, 1) + rows)
        met, visits = np.divmod(pairs, max(n, 1))
        return cls(
            items=histories.items.astype(np.int32),
            offsets=histories.offsets,
            distinct=np.bincount(visits, minlength=n),
            visits=visits.astype(np.int32),
            visit_offsets=np.searchsorted(met, np.arange(data.n_items + 1)),
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def n_items(self) -> int:
        """The number of items."""
        return len(self.visit_offsets) - 1

    def visitors(self) -> Ints:
        """Return how many sessions met each item, (n_items,)."""
        return np.diff(self.visit_offsets)

    def rarity(self) -> Floats:
        """Return log(1 + S / S_i) for each item i, which S_i sessions met (at least 1), (n_items,)."""
        return np.asarray(np.log1p(len(self) / np.maximum(self.visitors(), 1)))

    def freshness(self, half_life: float) -> Floats:
        """Return 0.5 ** (share of the sessions that came after each / `half_life`), (S,)."""
        return np.asarray(0.5 ** (np.arange(len(self)) / max(len(self), 1) / half_life))

    def trends(self) -> Floats:
        """Return how much more than its tenth of what an item is met falls in the newest tenth, (n_items,).

        1: as much as ever. Two meetings spread evenly are added, so that few meetings say little.
        """
        newest = self.items[: self.offsets[round(RECENT * len(self))]]
        recent = np.bincount(newest, minlength=self.n_items)
        total = np.bincount(self.items, minlength=self.n_items)
        return np.asarray((recent / RECENT + 2.0) / (total + 2.0))


def _newest_first(data: Interactions) -> Histories:
    histories = data.histories()
    there = np.flatnonzero(histories.lengths())
    began = data.times[histories.offsets[there]]
    return histories.take(there[np.lexsort((there, began))[::-1]])
