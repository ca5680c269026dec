"""One request as sources and features see it: each model has read the history once."""

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from equipoise.data.catalogue import Catalogue
from equipoise.data.situation import Situation
from equipoise.types import Bools, Floats, Ints

LATEST = 3
"""How many items at the end of a history are its last ones."""
_PULL = 1.0
"""How many identical items a borrowed score is pulled to 0 by."""


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


def content_affinity(catalogue: Catalogue, items: Ints) -> Floats:
    """Return the cosine of every item's content with the mean content of `items`, (n,), in [0, 1]."""
    known = items[(items >= 0) & (items < len(catalogue))]
    counts = np.bincount(known, minlength=len(catalogue)).astype(np.float32)
    mean = catalogue.content.T @ counts
    length = float(np.sqrt(mean @ mean))
    return np.asarray(catalogue.content @ (mean / length if length > 0 else mean), np.float32)


def through_words(
    parts: Floats, new: Bools, history: Ints, content: sparse.csr_matrix
) -> tuple[Floats, Floats, Floats]:
    """Return scores (p, n) of the whole catalogue from `parts` (p, n_items), and two affinities (n,).

    A new item has the mean score of the others, weighted by the cosine of their content (Nadaraya,
    1964; Watson, 1964), pulled to 0 where few share its words. The affinities are the cosine of each
    item with the mean content of the `history`, and of its last items. One product with the words
    answers all three.
    """
    n = len(new)
    columns = np.zeros((len(parts) + 3, n), np.float32)
    columns[: len(parts), : parts.shape[1]] = parts
    columns[:-3, new] = 0.0
    columns[-3] = ~new
    inside = history[(history >= 0) & (history < n)]
    columns[-2], columns[-1] = np.bincount(inside, minlength=n), np.bincount(inside[-LATEST:], minlength=n)
    words = content.T @ columns.T
    found = content @ words
    columns[:-3, new] = (found[new, :-3] / (found[new, -3:-2] + _PULL)).T
    lengths = np.sqrt((words[:, -2:] ** 2).sum(axis=0))
    affinities = found[:, -2:] / np.where(lengths > 0, lengths, 1.0)
    return columns[:-3], affinities[:, 0], affinities[:, 1]


def best(scores: Floats, allowed: Bools, k: int) -> Ints:
    """Return the places of the `k` highest allowed `scores`, best first."""
    places = np.flatnonzero(allowed)
    if len(places) > k:
        places = places[np.argpartition(-scores[places], k - 1)[:k]]
    return places[np.argsort(-scores[places], kind="stable")]
