"""One request as sources and features see it: each model has read the history once."""

from dataclasses import dataclass, field

import numpy as np

from equipoise.data.catalogue import Catalogue
from equipoise.types import Bools, Floats, Ints


def _none() -> Ints:
    return np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked: `history` (h,) item codes oldest first, `now` in microseconds UTC.

    `exclude` are codes that must not be shown; `item`, where given, is what the slate should resemble.
    """

    history: Ints
    now: int
    exclude: Ints = field(default_factory=_none)
    item: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A request beside what the models make of it.

    `parts` (p, n_items) are the standardised scores of each model, `blend` (n_items,) their blend;
    items of the catalogue beyond n_items are unknown to the models. `new` and `allowed` (n,) say of
    every item of the catalogue whether it is a new arrival, and whether it may be shown.
    `affinity` (n,) is the content similarity of every item to the history, in [0, 1].
    """

    request: Request
    catalogue: Catalogue
    parts: Floats
    blend: Floats
    new: Bools
    allowed: Bools
    affinity: Floats

    @property
    def n_items(self) -> int:
        """The number of items the models know."""
        return len(self.blend)


def content_affinity(catalogue: Catalogue, items: Ints) -> Floats:
    """Return the cosine of every item's content with the mean content of `items`, (n,), in [0, 1]."""
    known = items[(items >= 0) & (items < len(catalogue))]
    counts = np.bincount(known, minlength=len(catalogue)).astype(np.float32)
    mean = catalogue.content.T @ counts
    length = float(np.sqrt(mean @ mean))
    return np.asarray(catalogue.content @ (mean / length if length > 0 else mean), np.float32)


def best(scores: Floats, allowed: Bools, k: int) -> Ints:
    """Return the places of the `k` highest allowed `scores`, best first."""
    places = np.flatnonzero(allowed)
    if len(places) > k:
        places = places[np.argpartition(-scores[places], k - 1)[:k]]
    return places[np.argsort(-scores[places], kind="stable")]
