"""How alike candidates are: the cosine of their features, told from what the request has in common."""

from dataclasses import dataclass

import numpy as np

from equipoise.policies.policy import NOTHING, Options
from equipoise.types import Floats, Ints

_LARGEST = 1e100
_ROUNDING = 1e-9
"""What differs from the others by less, as a share of the largest feature, does not differ."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """`directions` (n, m, d): features less their mean over the request's candidates, of length 1 or 0.

    Without the mean, a constant or the shopper's own traits would make all candidates alike.
    """

    directions: Floats

    @classmethod
    def of(cls, options: Options) -> "Likeness":
        """Return how alike the candidates of each request are."""
        there = (options.items != NOTHING)[:, :, None]
        features = np.nan_to_num(options.features.astype(np.float64), posinf=_LARGEST, neginf=-_LARGEST)
        features = np.clip(features, -_LARGEST, _LARGEST) * there
        centred = (
            features - features.sum(axis=1, keepdims=True) / np.maximum(there.sum(axis=1), 1)[:, None]
        ) * there
        lengths = np.sqrt(np.einsum("nmd,nmd->nm", centred, centred))[:, :, None]
        least = _ROUNDING * np.abs(features).max(axis=(1, 2), keepdims=True, initial=0.0)
        return cls(np.divide(centred, lengths, out=np.zeros_like(centred), where=lengths > least))

    def to(self, places: Ints) -> Floats:
        """Return the cosine (n, m) of each candidate and the one at `places` (n,)."""
        chosen = self.directions[np.arange(len(places)), places]
        return np.asarray(np.einsum("nmd,nd->nm", self.directions, chosen))
