"""The scorer of a rating model: a history is scored by what it holds, a known user's rating is predicted."""

from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.models.factors.calendar import Calendar
from equipoise.models.factors.scorer import LinearFactorScorer
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingScorer(LinearFactorScorer):
    """Ratings: `mean` + what user and item add, whenever, + the product of their vectors.

    `user_bias`, `user_drift` (n_users,), `users` (n_users, d), `item_bins` (n_items, bins); the last column
    of `items` (n_items, d + 1) is what an item adds. A history tells what was rated but not how, so its
    score is what the ratings of its owner would be, less the same number for every item.
    """

    mean: float
    user_bias: Floats
    user_drift: Floats
    users: Floats
    item_bins: Floats
    calendar: Calendar

    def predict(self, users: Ints, items: Ints, times: Ints) -> Floats:
        """Return the rating that each of `users` (n,) gives to its one of `items` at `times`, (n,).

        A user or an item out of range adds nothing. `times` are microseconds UTC, as in `Interactions`.
        """
        if not len(users) == len(items) == len(times):
            raise BadInputError("predict", "users, items and times must be of one length")
        old, known = _inside(users, len(self.users)), _inside(items, self.n_items)
        u, i = np.where(old, users, 0), np.where(known, items, 0)
        both = old & known
        found = np.full(len(users), self.mean)
        found += np.where(old, self._of_user(u, times), 0.0)
        found += np.where(known, self._of_item(i, times), 0.0)
        return found + np.where(both, (self.users[u] * self.items[i, :-1]).sum(axis=1), 0.0)

    def _of_user(self, users: Ints, times: Ints) -> Floats:
        drift = self.user_drift[users] * self.calendar.changes(users, times)
        return np.asarray(self.user_bias[users] + drift)

    def _of_item(self, items: Ints, times: Ints) -> Floats:
        return np.asarray(self.items[items, -1] + self.item_bins[items, self.calendar.bins(times)])


def _inside(codes: Ints, n: int) -> Bools:
    return np.asarray((codes >= 0) & (codes < n))
