"""What a model made of models learns from: questions about later data, put to parts fitted on earlier."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.split import HeldOut, days_before_end, held_out, split_by_time
from equipoise.errors import BadInputError
from equipoise.types import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """`asked` lies after `train`, so parts fitted on `train` have not met the answers."""

    train: Interactions
    asked: HeldOut


class Later(Protocol):
    """Which data are the later ones."""

    def hold_out(self, data: Interactions, *, repeats: bool = False) -> Validation:
        """Hold the later data back; with `repeats`, items of the history are asked for too."""
        ...


@dataclass(frozen=True, slots=True)
class LaterDays:
    """The newest `days`, or the last item of each user where the data do not span them.

    The latter holds where `data.times` are places in an order rather than dates.
    """

    days: float = 28.0

    def __post_init__(self) -> None:
        if not self.days > 0:
            raise BadInputError("later", f"days must be above 0, but are {self.days}")

    def hold_out(self, data: Interactions, *, repeats: bool = False) -> Validation:
        """Hold the newest days back, or the last items."""
        try:
            split = split_by_time(data, days_before_end(data, self.days))
        except BadInputError:
            return last_item(data, repeats=repeats)
        return Validation(train=split.train, asked=split.every if repeats else split.unseen)


@dataclass(frozen=True, slots=True)
class NewestSessions:
    """The newest `share` of the users, who are sessions: each item but the first, given those before it."""

    share: float = 0.1

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise BadInputError("later", f"the share of sessions must lie between 0 and 1, not {self.share}")

    def hold_out(self, data: Interactions, *, repeats: bool = False) -> Validation:
        """Hold the newest sessions back, by the time of their last interaction."""
        late = np.isin(data.users, _newest(data, self.share))
        asked = _each_next(data.where(late))
        return Validation(
            train=data.where(~late), asked=asked if repeats else asked.of_new_items(data.n_items)
        )


def last_item(data: Interactions, *, repeats: bool = False) -> Validation:
    """Hold back the last interaction of each user who has another before it."""
    counts = np.bincount(data.users, minlength=data.n_users)
    ends = np.cumsum(counts)[counts > 1] - 1
    last = np.zeros(len(data), np.bool_)
    last[ends] = True
    train, test = data.where(~last), data.where(last)
    if not repeats:
        test = test.where(~np.isin(_pairs(test), _pairs(train)))
    return Validation(train=train, asked=held_out(train, test))


def _pairs(rows: Interactions) -> Ints:
    return rows.users * rows.n_items + rows.items


def _newest(data: Interactions, share: float) -> Ints:
    """Return the users whose last interaction is among the newest `share` of them."""
    users, places = np.unique(data.users[::-1], return_index=True)
    ends = data.times[::-1][places]
    return users[np.argsort(ends, kind="stable")[len(users) - int(share * len(users)) :]]


def _each_next(data: Interactions) -> HeldOut:
    """Return a question for each interaction that has another of its user before it."""
    sessions = data.histories()
    users = sessions.rows()
    starts = sessions.offsets[:-1][users]
    places = np.flatnonzero(np.arange(len(users)) > starts)
    return HeldOut(
        users=users[places],
        histories=sessions.runs(starts[places], places),
        targets=Histories(sessions.items[places], np.arange(len(places) + 1)),
        values=data.values[places],
    )
