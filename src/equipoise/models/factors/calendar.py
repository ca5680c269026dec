"""When a rating was given, as the rating model sees it: the bin of its item, the change of its user."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.interactions import DAY, Interactions
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The time from `first` to `last` (microseconds) in `n_bins` equal parts, and the users' mean times.

    `mean_times` (n_users,); `exponent` bends how far a user changes with the days from its mean time on.
    """

    first: int
    last: int
    n_bins: int
    mean_times: Floats
    exponent: float

    @classmethod
    def of(cls, data: Interactions, n_bins: int, exponent: float) -> "Calendar":
        """Return the calendar of `data`."""
        counts = np.bincount(data.users, minlength=data.n_users)
        sums = np.bincount(data.users, data.times.astype(np.float64), minlength=data.n_users)
        first, last = (int(data.times.min()), int(data.times.max())) if len(data) else (0, 0)
        return cls(
            first=first,
            last=last,
            n_bins=n_bins,
            mean_times=sums / np.maximum(counts, 1),
            exponent=exponent,
        )

    def bins(self, times: Ints) -> Ints:
        """Return the bin of each of `times` (n,); what lies outside is in the first or the last."""
        places = (times - self.first) * float(self.n_bins) / max(self.last - self.first, 1)
        return np.clip(places.astype(np.int64), 0, self.n_bins - 1)

    def changes(self, users: Ints, times: Ints) -> Floats:
        """Return ``sign(t) |t| ** exponent``, t being the days since the mean time of each user, (n,)."""
        days = (times - self.mean_times[users]) / DAY
        return np.asarray(np.sign(days) * np.abs(days) ** self.exponent, np.float32)
