"""What each item earns beyond what its features say: one random effect an item.

The sums kept here and those of the shared weights are the blocks of the mixed-model equations of
Henderson (1975); eliminating the item blocks leaves a system as small as the number of features.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class ItemTerms:
    """Sums over the impressions of each item; row -1 stands for every item never shown.

    `exposure` (items + 1,) sums e, `earned` (items + 1,) sums reward, and `features` (items + 1, d) sums
    e * features, with e the examination of the position.
    """

    exposure: Floats
    earned: Floats
    features: Floats

    @classmethod
    def none(cls, n_features: int) -> "ItemTerms":
        """Return the terms before any item was shown."""
        return cls(np.zeros(1), np.zeros(1), np.zeros((1, n_features)))

    def __len__(self) -> int:
        return len(self.exposure) - 1

    def rows(self, items: Ints) -> Ints:
        """Return the row of each item code, any shape."""
        return np.minimum(items, len(self))

    def add(
        self, items: Ints, exposure: Floats, earned: Floats, features: Floats, *, keep: float
    ) -> "ItemTerms":
        """Return the terms scaled by `keep`, then grown by one row of sums for each of `items` (n,)."""
        size = max(len(self), int(items.max(initial=-1)) + 1) + 1
        codes, places = np.unique(items, return_inverse=True)
        fresh = ItemTerms(*(_grown(old, size, keep) for old in (self.exposure, self.earned, self.features)))
        fresh.exposure[codes] += np.bincount(places, exposure, len(codes))
        fresh.earned[codes] += np.bincount(places, earned, len(codes))
        sums = np.zeros((len(codes), self.features.shape[1]))
        np.add.at(sums, places, features)
        fresh.features[codes] += sums
        return fresh


def _grown(old: Floats, size: int, keep: float) -> Floats:
    grown = np.zeros((size, *old.shape[1:]))
    np.multiply(old, keep, out=grown[: len(old)])
    return grown
