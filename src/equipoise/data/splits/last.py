"""Leave the last item of each user out (as in Kang & McAuley, 2018): it is asked for, given all before it."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.data.splits.parts import Parts, cut
from equipoise.data.splits.places import NOWHERE, newest, places
from equipoise.types import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveLastOut:
    """The last item is asked for; the `kept_back` before it is known then, and not learned from.

    Models are fitted without the item that validates, and so without any that chose their settings. Users
    with fewer items than it takes are learned from and not asked. Only rows that weigh at least `relevant`
    are answers; what a user met after the answer is left out.
    """

    kept_back: int = 1
    relevant: float = 0.0

    @property
    def twin(self) -> "LeaveLastOut":
        """The item before it, with the same rows to learn from."""
        return LeaveLastOut(kept_back=0, relevant=self.relevant)

    def hold_out(self, data: Interactions) -> Parts:
        """Cut each user's history before its last answers."""
        place, answer = places(data), data.weights >= self.relevant
        last = self._last(data, place)[data.users]
        first = last
        for _ in range(self.kept_back):
            first = newest(data, place, answer & (place < first))[data.users]
        whole = last == NOWHERE
        return cut(data, train=whole | (place < first), known=place < last, asked=place == last)

    def _last(self, data: Interactions, place: Ints) -> Ints:
        """Return the place of each user's last answer, `NOWHERE` for users with too few, (n_users,)."""
        answer = data.weights >= self.relevant
        enough = np.bincount(data.users[answer], minlength=data.n_users) >= self.kept_back + 2
        return np.where(enough, newest(data, place, answer), NOWHERE)
