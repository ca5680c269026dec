"""The reasons of several models for one recommendation, as one list."""

from collections.abc import Iterable

import numpy as np

from equipoise.data.histories import PADDING, Histories
from equipoise.models.learner import Explains, Scorer, TopK
from equipoise.types import Floats, Ints


def combined(parts: Iterable[tuple[Scorer, Floats]], histories: Histories, items: Ints, k: int) -> TopK:
    """Return the `k` items of each history that raised the score of its item in `items` (n,) most.

    `parts` are scorers, each with what one unit of its score is worth for every history, (n,). A scorer
    that cannot explain itself is passed over.
    """
    said = ((_all(scorer, histories, items), worth) for scorer, worth in parts)
    return _summed(said, len(items), k)


def shared(parts: Iterable[tuple[Scorer, Floats]], histories: Histories, items: Ints, k: int) -> TopK:
    """Return the same where scores do not add up: `parts` are scorers, each with what it did for the item.

    That, (n,), is shared out among the items of the history in proportion to what they added.
    """
    reasons = [(_all(scorer, histories, items), did) for scorer, did in parts]
    totals = [np.where(found.items != PADDING, found.scores, 0).sum(axis=1) for found, _ in reasons]
    said = (
        (found, did / np.maximum(total, 1e-12)) for (found, did), total in zip(reasons, totals, strict=True)
    )
    return _summed(said, len(items), k)


def _all(scorer: Scorer, histories: Histories, items: Ints) -> TopK:
    longest = int(histories.lengths().max(initial=0))
    if isinstance(scorer, Explains):
        return scorer.because(histories, items, longest)
    return TopK(np.full((len(items), 0), PADDING, np.int64), np.empty((len(items), 0), np.float32))


def _summed(said: Iterable[tuple[TopK, Floats]], n: int, k: int) -> TopK:
    gains: list[dict[int, float]] = [{} for _ in range(n)]
    for found, worth in said:
        _add(gains, found, worth)
    return _best(gains, k)


def _add(gains: list[dict[int, float]], found: TopK, worth: Floats) -> None:
    rows, places = np.nonzero(found.items != PADDING)
    for row, place in zip(rows.tolist(), places.tolist(), strict=True):
        item = int(found.items[row, place])
        gains[row][item] = gains[row].get(item, 0.0) + float(worth[row] * found.scores[row, place])


def _best(gains: list[dict[int, float]], k: int) -> TopK:
    best = TopK(np.full((len(gains), k), PADDING, np.int64), np.full((len(gains), k), -np.inf, np.float32))
    for row, own in enumerate(gains):
        order = sorted((-gain, item) for item, gain in own.items() if gain > 0)[:k]
        for place, (gain, item) in enumerate(order):
            best.items[row, place], best.scores[row, place] = item, -gain
    return best
