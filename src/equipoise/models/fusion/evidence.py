"""What the trees of a stack see of a candidate: what each model says, and plain facts beside it."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.models.fusion.shortlist import Shortlist
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`popularity` (n_items,) log(1 + how often an item was met) with mean 0 and deviation 1.

    `recency` (n_items,) the same of interactions of the newest tenth of the data.
    """

    popularity: Floats
    recency: Floats

    @classmethod
    def of(cls, data: Interactions) -> "Evidence":
        """Count."""
        newest = data.times >= np.quantile(data.times, 0.9) if len(data) else np.zeros(0, np.bool_)
        return cls(
            popularity=_standard_log(np.bincount(data.items, minlength=data.n_items)),
            recency=_standard_log(np.bincount(data.items, newest, data.n_items)),
        )

    def about(self, lists: Shortlist, histories: Histories) -> Floats:
        """Return one row a candidate, (total, 2 p + 8) float32, for `histories` (n).

        Scores and ranks of the p models, the mean of the scores, how many models list the candidate, its
        popularity lately and ever, how often it was met before and how lately (1 if it is the newest of the
        history, 1 / 2 if the one before it, 0 if none), and the length and popularity of the history.
        """
        rows, items = lists.items.rows(), lists.items.items
        known = histories.known(len(self.popularity))
        listed = lists.ranks <= lists.size
        columns = (
            lists.scores.mean(axis=1),
            listed.sum(axis=1),
            self.popularity[items],
            self.recency[items],
            *_met(known, rows, items, len(self.popularity)),
            np.log1p(known.lengths())[rows],
            _mean(self.popularity[known.items], known)[rows],
        )
        # Rounded, so that rounding in a model's own sums does not send a candidate down another branch.
        return np.column_stack((lists.scores, lists.ranks, *columns)).astype(np.float32).round(4)


def _standard_log(counts: Floats | Ints) -> Floats:
    logs = np.log1p(counts)
    return np.asarray((logs - logs.mean()) / max(float(logs.std()), 1e-9), np.float32)


def _met(known: Histories, rows: Ints, items: Ints, n_items: int) -> tuple[Ints, Floats]:
    """Return how often each of `items` (total,) is in the history of its row, and 1 / how long ago last."""
    of_history = known.rows()
    met, first, times = np.unique(
        (of_history * n_items + known.items)[::-1], return_index=True, return_counts=True
    )
    if len(met) == 0:
        return np.zeros(len(items), np.int64), np.zeros(len(items))
    last = len(of_history) - 1 - first
    ago = known.offsets[1:][of_history[last]] - last
    keys = rows * n_items + items
    places = np.minimum(np.searchsorted(met, keys), len(met) - 1)
    there = met[places] == keys
    return np.where(there, times[places], 0), np.where(there, 1.0 / ago[places], 0.0)


def _mean(values: Floats, lists: Histories) -> Floats:
    """Return the mean of `values` (total,) in each of `lists`, 0 where it is empty."""
    sums = np.bincount(lists.rows(), values, len(lists))
    return np.asarray(sums / np.maximum(lists.lengths(), 1), np.float64)
