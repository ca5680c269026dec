"""One request as sources and features see it: each model has read the history once."""

from dataclasses import dataclass, field

import numpy as np

from equipoise.data.catalogue import Catalogue
from equipoise.data.situation import Situation
from equipoise.types import Bools, Floats, Ints

LATEST = 3
"""How many items at the end of a history are its last ones."""


def _none() -> Ints:
    return np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked: `history` (h,) item codes oldest first, `now` in microseconds UTC.

    `kinds` and `times` (h,) are by which events they were met and when, as in `Histories`, where it is known.
    `exclude` are codes that must not be shown; `item`, where given, is what the slate should resemble.
    `situation` is what long-term values look at.
    """

    history: Ints
    now: int
    exclude: Ints = field(default_factory=_none)
    item: int | None = None
    kinds: Ints | None = None
    times: Ints | None = None
    situation: Situation = field(default_factory=Situation.nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A request beside what the models make of it.

    For every item of the catalogue: `parts` (p, n) the standardised scores of each model, `blend` (n,)
    their blend, `new` and `allowed` (n,) whether it is a new arrival and whether it may be shown, and
    `affinity` and `recent_affinity` (n,) the likeness of its words to those of the history and of its
    last items, in [0, 1]. New arrivals are unknown to the models; they borrow scores through their words.
    """

    request: Request
    catalogue: Catalogue
    parts: Floats
    blend: Floats
    new: Bools
    allowed: Bools
    affinity: Floats
    recent_affinity: Floats

    @property
    def familiar(self) -> Bools:
        """Which items may be shown and are known to the models, (n,)."""
        return self.allowed & ~self.new


def best(scores: Floats, allowed: Bools, k: int) -> Ints:
    """Return the places of the `k` highest allowed `scores`, best first."""
    places = np.flatnonzero(allowed)
    if len(places) > k:
        places = places[np.argpartition(-scores[places], k - 1)[:k]]
    return places[np.argsort(-scores[places], kind="stable")]
