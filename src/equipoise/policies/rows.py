"""The newest rows of feedback, kept to learn from again."""

from dataclasses import dataclass

import numpy as np

from equipoise.policies.ridge import Sums
from equipoise.types import Floats


@dataclass(frozen=True, slots=True)
class Rows:
    """`features` (r, d), and `exposure` and `rewards` (r,), the newest last."""

    features: Floats
    exposure: Floats
    rewards: Floats

    @classmethod
    def none(cls, n_features: int) -> "Rows":
        """Return no rows."""
        return cls(np.zeros((0, n_features)), np.zeros(0), np.zeros(0))

    def __len__(self) -> int:
        return len(self.rewards)

    def add(self, features: Floats, exposure: Floats, rewards: Floats, *, size: int) -> "Rows":
        """Return the last `size` of these rows and those (n, d), (n,), (n,)."""
        return Rows(
            np.concatenate((self.features, features))[-size:],
            np.concatenate((self.exposure, exposure))[-size:],
            np.concatenate((self.rewards, rewards))[-size:],
        )

    def sums(self) -> Sums:
        """Return the sums over the rows."""
        return Sums.none(self.features.shape[1]).add(self.features, self.exposure, self.rewards, keep=0.0)
