"""More of the same pleases less: how the items above take from the appeal of those below."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats, Ints


class Satiation(Protocol):
    """What is left of an appeal."""

    def left(self, groups: Ints) -> Floats:
        """Return the factor on the appeal at each position of slates of `groups` (n, k); -1 is nothing."""
        ...

    def ranked(self, worths: Floats, groups: Ints) -> Ints:
        """Return the candidates (n, m) in the order of the best slate, whatever its length."""
        ...


@dataclass(frozen=True, slots=True)
class Insatiable:
    """Every item pleases as much as if it were alone."""

    def left(self, groups: Ints) -> Floats:
        """Return ones."""
        return np.ones(groups.shape)

    def ranked(self, worths: Floats, groups: Ints) -> Ints:
        """Return the candidates by what they are worth."""
        return np.argsort(-worths, axis=1, kind="stable")


@dataclass(frozen=True, slots=True)
class ByGroup:
    """Each item of the same group above multiplies an appeal by `decay`.

    The best slate is then found exactly: within a group the better item comes first, the j-th of its
    group counts `decay` ** j, and the slate takes these discounted values from the largest down. No
    prefix of any slate adds up to more than the same prefix of this one, and every click model here
    grows with its prefixes.
    """

    decay: float

    def __post_init__(self) -> None:
        if not 0 < self.decay <= 1:
            raise BadInputError(
                "satiation", "must lie in (0, 1]: the share of an appeal that a like item leaves"
            )

    def left(self, groups: Ints) -> Floats:
        """Return `decay` to the number of like items above."""
        return self.decay ** _like_above(groups)

    def ranked(self, worths: Floats, groups: Ints) -> Ints:
        """Return the candidates by discounted worth."""
        order = np.argsort(-worths, axis=1, kind="stable")
        sorted_groups = np.take_along_axis(groups, order, axis=1)
        discounted = np.take_along_axis(worths, order, axis=1) * self.left(sorted_groups)
        again = np.argsort(-discounted, axis=1, kind="stable")
        return np.take_along_axis(order, again, axis=1)


def _like_above(groups: Ints) -> Ints:
    """Return how many positions above hold the same group, (n, k)."""
    order = np.argsort(groups, axis=1, kind="stable")
    together = np.take_along_axis(groups, order, axis=1)
    places = np.broadcast_to(np.arange(groups.shape[1]), groups.shape)
    begins = np.diff(together, axis=1, prepend=together[:, :1] - 1) != 0
    counts = np.empty(groups.shape, dtype=np.int64)
    within = places - np.maximum.accumulate(np.where(begins, places, 0), axis=1)
    np.put_along_axis(counts, order, within, axis=1)
    return counts
