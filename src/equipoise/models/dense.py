"""What follows from `score` alone: the rest of the scorer protocol, in blocks of rows."""

from abc import abstractmethod
from collections.abc import Iterator

import numpy as np

from equipoise.data.histories import Histories
from equipoise.models.learner import TopK
from equipoise.types import Floats, Ints

BLOCK_CELLS = 4_000_000


class DenseScorer:
    """Completes a scorer that has `n_items` and `score`; never holds all users by all items at once."""

    __slots__ = ()

    @property
    @abstractmethod
    def n_items(self) -> int:
        """The number of items it can score."""

    @abstractmethod
    def score(self, histories: Histories) -> Floats:
        """Return the score of every item for each history, (n, n_items), float32."""

    def score_candidates(self, histories: Histories, candidates: Ints) -> Floats:
        """Return the scores of `candidates` (n, m), (n, m); -inf for -1 and for codes it cannot score."""
        rows = [
            pick(self.score(histories[start:stop]), candidates[start:stop])
            for start, stop in blocks(len(histories), self.n_items)
        ]
        return np.concatenate(rows) if rows else np.empty(candidates.shape, np.float32)

    def top(self, histories: Histories, k: int, exclude_seen: bool = True) -> TopK:
        """Return the best `k` items of each history; what is in the history only if not `exclude_seen`."""
        best = []
        for start, stop in blocks(len(histories), self.n_items):
            some = histories[start:stop]
            best.append(TopK.of(self.score(some), k, left_out=some if exclude_seen else None))
        return joined(best, k)

    def similar(self, items: Ints, k: int) -> TopK:
        """Return the best `k` items for a history of one item, never that item."""
        alone = Histories(np.asarray(items, np.int64), np.arange(len(items) + 1))
        return self.top(alone, k)


def blocks(rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of runs of rows of at most `BLOCK_CELLS` cells."""
    step = max(1, BLOCK_CELLS // max(columns, 1))
    return ((start, min(start + step, rows)) for start in range(0, rows, step))


def pick(scores: Floats, candidates: Ints) -> Floats:
    """Return the entries of `scores` (n, n_items) at `candidates` (n, m), -inf where out of range."""
    inside = (candidates >= 0) & (candidates < scores.shape[1])
    if not inside.any():
        return np.full(candidates.shape, -np.inf, scores.dtype)
    found = np.take_along_axis(scores, np.where(inside, candidates, 0), axis=1)
    return np.where(inside, found, np.asarray(-np.inf, scores.dtype))


def without(scores: Floats, histories: Histories) -> Floats:
    """Return a copy of `scores` (n, n_items) with -inf at the items of each history."""
    known = histories.known(scores.shape[1])
    left = scores.copy()
    left[np.repeat(np.arange(len(known)), known.lengths()), known.items] = -np.inf
    return left


def joined(parts: list[TopK], k: int) -> TopK:
    """Return the rows of `parts`, one after another."""
    if not parts:
        return TopK(np.empty((0, k), np.int64), np.empty((0, k), np.float32))
    return TopK(
        np.concatenate([part.items for part in parts]), np.concatenate([part.scores for part in parts])
    )
