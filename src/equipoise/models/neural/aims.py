"""Which interactions a sequence model is asked for."""

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.events.facts import EVENT_TYPES
from equipoise.types import Bools


def fresh(data: Interactions) -> Bools:
    """Return which interactions are the first of their user with their item, (n,)."""
    first = np.zeros(len(data), np.bool_)
    first[np.unique(data.users * data.n_items + data.items, return_index=True)[1]] = True
    return first


def aimed(data: Interactions, target_kind: str | None) -> Bools:
    """Return which interactions are events of `target_kind`, (n,); all where it is None.

    Raises `BadInputError` where the data do not say, or hold none.
    """
    if target_kind is None:
        return np.ones(len(data), np.bool_)
    if data.kinds is None:
        raise BadInputError("target_kind", "the interactions have no kinds; leave it out, or fit on events")
    found = data.kinds == EVENT_TYPES.index(target_kind)
    if not found.any():
        raise BadInputError("target_kind", f"none of the interactions is a {target_kind}")
    return np.asarray(found)
