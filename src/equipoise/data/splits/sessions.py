"""New sessions: whole visits are kept back, and each of their items is asked for, given those before it."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.split import HeldOut
from equipoise.data.splits.parts import Parts
from equipoise.data.splits.places import places
from equipoise.errors import BadInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSessions:
    """Keeps back the last `share` of the sessions, in the order of their codes; a user is a session."""

    share: float = 0.1

    @property
    def twin(self) -> "NewSessions":
        """The sessions before those."""
        return self

    def hold_out(self, data: Interactions) -> Parts:
        """Cut by session, and ask for every item but the first of those kept back."""
        _, session = np.unique(data.users, return_inverse=True)
        n = int(session.max(initial=-1)) + 1
        late = session >= n - max(1, round(self.share * n))
        train, asked = data.where(~late), next_items(data.where(late))
        if len(train) == 0 or len(asked) == 0:
            raise BadInputError("sessions", "too few to keep some back; give more of at least two items")
        return Parts(train=train, past=train, asked=asked)


def next_items(data: Interactions) -> HeldOut:
    """Return a question for every row but each user's first: which item it is, given those before it."""
    place = places(data)
    rows = np.flatnonzero(place)
    return HeldOut(
        users=data.users[rows],
        histories=data.histories().runs(rows - place[rows], rows),
        targets=Histories(data.items[rows], np.arange(len(rows) + 1)),
        values=data.values[rows],
    )
