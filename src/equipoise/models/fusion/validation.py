"""What a model made of models learns from: questions about later data, put to parts fitted on earlier."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.data.split import HeldOut, days_before_end, held_out, split_by_time
from equipoise.errors import BadInputError
from equipoise.types import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """`asked` lies after `train`, so parts fitted on `train` have not met the answers."""

    train: Interactions
    asked: HeldOut


def later_days(data: Interactions, days: float, *, repeats: bool = False) -> Validation:
    """Hold back the last `days`, or the last item of each user where the data do not span them.

    The latter holds where `data.times` are places in an order rather than dates. `repeats` asks for items
    of the history too.
    """
    try:
        split = split_by_time(data, days_before_end(data, days))
    except BadInputError:
        return last_item(data, repeats=repeats)
    return Validation(train=split.train, asked=split.every if repeats else split.unseen)


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
