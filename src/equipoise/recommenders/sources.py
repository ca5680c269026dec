"""Where candidates come from: each source proposes its best few, and a merge keeps who said it first.

Several narrow sources before one ranker follow Covington et al. (2016), "Deep neural networks for
YouTube recommendations"; items nobody has met yet need a source of their own or no one ever meets them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.recommenders.view import View, best
from equipoise.recommenders.words import affinity
from equipoise.types import Bools, Ints


class Source(Protocol):
    """Proposes items for a request; its `name` is shown to shoppers beside what it proposed."""

    @property
    def name(self) -> str:
        """Short, in snake_case."""
        ...

    def propose(self, view: View) -> Ints:
        """Return allowed item codes, best first, at most the source's quota."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BestMatch:
    """The best of the blend of all models."""

    quota: int = 120
    name: str = "best_match"

    def propose(self, view: View) -> Ints:
        """Return the items of the highest blended score."""
        return best(view.blend, view.familiar, self.quota)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoughtTogether:
    """What sells with the most recent items: `neighbours` (n_items, q) best first, -1 for none."""

    neighbours: Ints
    recent: int = 5
    quota: int = 30
    name: str = "bought_together"

    def propose(self, view: View) -> Ints:
        """Return the first neighbours of each recent item, then the second, and so on."""
        history = view.request.history
        latest = history[history < len(self.neighbours)][-self.recent :][::-1]
        return _first(self.neighbours[latest].T.ravel(), view.familiar, self.quota)


@dataclass(frozen=True, slots=True, kw_only=True)
class Popular:
    """What sells most: `items` best first."""

    items: Ints
    quota: int = 20
    name: str = "popular"

    def propose(self, view: View) -> Ints:
        """Return the best sellers that may be shown."""
        return _first(self.items, view.familiar, self.quota)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArrivals:
    """The `pool` newest arrivals, those closest in content to the history first."""

    pool: int = 300
    quota: int = 50
    name: str = "new_arrival"

    def propose(self, view: View) -> Ints:
        """Return new arrivals that may be shown."""
        fresh = np.flatnonzero(view.new & view.allowed)
        arrived = view.catalogue.arrived[fresh]
        newest = fresh[np.argsort(-arrived, kind="stable")[: self.pool]]
        return newest[np.argsort(-view.affinity[newest], kind="stable")[: self.quota]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """What resembles the item of the request: its `neighbours` (n_items, q), then the same words."""

    neighbours: Ints
    quota: int = 60
    name: str = "similar"

    def propose(self, view: View) -> Ints:
        """Return the items closest to the one asked about, none where none was asked about."""
        item = view.request.item
        if item is None or not 0 <= item < len(view.catalogue):
            return np.empty(0, np.int64)
        known = self.neighbours[item] if item < len(self.neighbours) else np.empty(0, np.int64)
        return _first(np.concatenate((known, by_content(view, item, self.quota))), view.allowed, self.quota)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Items (m,) that may be shown, and for each the place (m,) of the source that proposed it."""

    items: Ints
    sources: Ints


def by_content(view: View, item: int, k: int) -> Ints:
    """Return up to `k` allowed items that share words with `item`, closest first."""
    likeness = affinity(view.catalogue.content, np.array([item]))
    likeness[item] = 0.0
    return best(likeness, view.allowed & (likeness > 0), k)


def merge(proposals: Sequence[Ints], limit: int) -> Candidates:
    """Take the first of each source, then the second of each, …, each item once, at most `limit`."""
    items = np.concatenate(proposals)
    sources = np.repeat(np.arange(len(proposals)), [len(proposal) for proposal in proposals])
    ranks = np.concatenate([np.arange(len(proposal)) for proposal in proposals])
    order = np.lexsort((sources, ranks))
    _, first = np.unique(items[order], return_index=True)
    kept = order[np.sort(first)[:limit]]
    return Candidates(items[kept], sources[kept])


def _first(items: Ints, allowed: Bools, quota: int) -> Ints:
    """Return the first `quota` distinct allowed codes of `items`; -1 is none."""
    items = items[items >= 0]
    items = items[allowed[items]]
    _, first = np.unique(items, return_index=True)
    return items[np.sort(first)[:quota]]
