"""The few items of each history that any of several models thinks best: what a fusion chooses among."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import Histories
from equipoise.models.dense import blocks, without
from equipoise.models.fusion.standard import standardised
from equipoise.models.learner import Scorer, TopK
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortlist:
    """n lists of candidates, `items`, in the order of their codes, the best `size` of each of p models.

    `scores` (total, p) the standardised scores of each model; `ranks` (total, p) the place of the candidate
    in the list of the model, from 1, and `size` + 1 where it is not in the list.
    """

    items: Histories
    scores: Floats
    ranks: Floats
    size: int

    def __len__(self) -> int:
        return len(self.items)

    def cells(self, rows: Ints) -> Ints:
        """Return the places of the candidates of `rows`, one list after another."""
        offsets = self.items.offsets
        return np.concatenate([np.empty(0, np.int64), *(np.arange(*offsets[row : row + 2]) for row in rows)])

    def take(self, rows: Ints) -> "Shortlist":
        """Return the lists at `rows`, in that order."""
        cells = self.cells(rows)
        return Shortlist(
            items=self.items.take(rows), scores=self.scores[cells], ranks=self.ranks[cells], size=self.size
        )

    def wanted(self, targets: Histories) -> Bools:
        """Return which candidates are among the `targets` of their row, (total,)."""
        width = max(int(self.items.items.max(initial=0)), int(targets.items.max(initial=0))) + 1
        keys = self.items.rows() * width + self.items.items
        return np.isin(keys, targets.rows() * width + targets.items)


def shortlist(
    scorers: Mapping[str, Scorer], histories: Histories, size: int, *, repeats: bool = False
) -> Shortlist:
    """Return the best `size` items of each of `scorers`; those of the history only with `repeats`."""
    n_items = next(iter(scorers.values())).n_items
    found = [
        chosen(_parts(scorers, histories[start:stop]), histories[start:stop], size, repeats=repeats)
        for start, stop in blocks(len(histories), n_items)
    ]
    lengths = np.concatenate([np.empty(0, np.int64), *(part.items.lengths() for part in found)])
    none = np.empty((0, len(scorers)), np.float32)
    return Shortlist(
        items=Histories(
            np.concatenate([np.empty(0, np.int64), *(part.items.items for part in found)]),
            np.concatenate(([0], np.cumsum(lengths))),
        ),
        scores=np.concatenate([none, *(part.scores for part in found)]),
        ranks=np.concatenate([none, *(part.ranks for part in found)]),
        size=size,
    )


def chosen(parts: list[Floats], histories: Histories, size: int, *, repeats: bool) -> Shortlist:
    """Return the shortlist of standardised scores `parts`, p times (n, n_items), of `histories`.

    Only what a model scores above its own mean: beyond, the order of many models is that of the codes.
    """
    n, n_items = parts[0].shape
    bests = [TopK.of(_allowed(part, histories, repeats), size).items for part in parts]
    rows = np.arange(n)[:, None]
    keys = np.unique(np.concatenate([(rows * n_items + best)[best >= 0] for best in bests]))
    row, item = np.divmod(keys, max(n_items, 1))
    ranks = np.full((len(keys), len(parts)), size + 1, np.float32)
    for column, best in enumerate(bests):
        listed, place = np.nonzero(best >= 0)
        ranks[np.searchsorted(keys, listed * n_items + best[listed, place]), column] = place + 1
    offsets = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=n))))
    scores = np.stack([part[row, item] for part in parts], axis=1)
    return Shortlist(items=Histories(item, offsets), scores=scores, ranks=ranks, size=size)


def _parts(scorers: Mapping[str, Scorer], histories: Histories) -> list[Floats]:
    return [standardised(scorer.score(histories)) for scorer in scorers.values()]


def _allowed(part: Floats, histories: Histories, repeats: bool) -> Floats:
    above = np.where(part > 0, part, -np.inf)
    return above if repeats else without(above, histories)


def padded(values: Floats | Bools, lists: Histories, fill: float) -> Floats:
    """Return `values` (total,) of ragged `lists` as rows, (n, longest), with `fill` at the end."""
    lengths = lists.lengths()
    inside = np.arange(int(lengths.max(initial=0)))[None, :] < lengths[:, None]
    rows = np.full(inside.shape, fill, np.float32)
    rows[inside] = values
    return rows
