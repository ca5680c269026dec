"""More of the same pleases less: how the items above take from the appeal of those below."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats, Ints


class Satiation(Protocol):
    """What is left of an appeal."""

    def left(self, groups: Ints) -> Floats:
        """Return the factor on the appeal at each position of slates of `groups` (n, k)."""
        ...

    def best(self, worths: Floats, groups: Ints, k: int) -> Ints:
        """Return the best slate of `k` <= m of the candidates, best first, (n, k).

        `worths` and `groups` (n, m) are what each is worth alone, and which are alike.
        """
        ...


@dataclass(frozen=True, slots=True)
class Insatiable:
    """Every item pleases as much as if it were alone."""

    def left(self, groups: Ints) -> Floats:
        """Return ones."""
        return np.ones(groups.shape)

    def best(self, worths: Floats, groups: Ints, k: int) -> Ints:
        """Return the candidates worth most."""
        chosen = np.argpartition(-worths, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(worths, chosen, axis=1), axis=1)
        return np.take_along_axis(chosen, order, axis=1)


@dataclass(frozen=True, slots=True)
class ByGroup:
    """Each item of the same group above multiplies an appeal, which is not negative, by `decay`.

    The best slate is then found exactly by taking, position by position, what is worth most after those
    above. No prefix of any slate adds up to more than the same prefix of this one, and every click model
    here grows with its prefixes.
    """

    decay: float

    def __post_init__(self) -> None:
        if not 0 < self.decay <= 1:
            raise BadInputError(
                "satiation", "must lie in (0, 1]: the share that a like item leaves of an appeal"
            )

    def left(self, groups: Ints) -> Floats:
        """Return `decay` to the number of like items above."""
        alike = groups[:, :, None] == groups[:, None, :]
        return np.asarray(self.decay ** np.tril(alike, k=-1).sum(axis=2))

    def best(self, worths: Floats, groups: Ints, k: int) -> Ints:
        """Return what is worth most after those above, position by position."""
        left, rows = worths.copy(), np.arange(len(worths))
        slates = np.empty((len(worths), k), dtype=np.int64)
        for position in range(k):
            places = left.argmax(axis=1)
            slates[:, position] = places
            left[groups == groups[rows, places][:, None]] *= self.decay
            left[rows, places] = -np.inf
        return slates
