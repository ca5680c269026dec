"""One request as sources and features see it: each model has read the history once."""

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from equipoise.data.catalogue import Catalogue
from equipoise.types import Bools, Floats, Ints

_PULL = 1.0
"""How many identical items a borrowed score is pulled to 0 by."""


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

    For every item of the catalogue: `parts` (p, n) the standardised scores of each model, `blend` (n,)
    their blend, `new` and `allowed` (n,) whether it is a new arrival and whether it may be shown, and
    `affinity` (n,) the content similarity to the history, in [0, 1]. New arrivals are unknown to the
    models; their scores are `borrowed`.
    """

    request: Request
    catalogue: Catalogue
    parts: Floats
    blend: Floats
    new: Bools
    allowed: Bools
    affinity: Floats

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


def borrowed(parts: Floats, new: Bools, content: sparse.csr_matrix) -> Floats:
    """Return `parts` (p, n_items) for the whole catalogue, (p, n): new items borrow from their words.

    A new item has the mean score of the others, weighted by the cosine of their content (Nadaraya,
    1964; Watson, 1964), pulled to 0 where few share its words.
    """
    scores = np.zeros((len(parts), len(new)), np.float32)
    scores[:, : parts.shape[1]] = parts
    if not new.any():
        return scores
    scores[:, new] = 0.0
    met = np.vstack((scores, ~new)).T.astype(np.float32)
    sums = (content @ (content.T @ met))[new]
    scores[:, new] = (sums[:, :-1] / (sums[:, -1:] + _PULL)).T
    return scores


def best(scores: Floats, allowed: Bools, k: int) -> Ints:
    """Return the places of the `k` highest allowed `scores`, best first."""
    places = np.flatnonzero(allowed)
    if len(places) > k:
        places = places[np.argpartition(-scores[places], k - 1)[:k]]
    return places[np.argsort(-scores[places], kind="stable")]
