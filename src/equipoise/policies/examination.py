"""How likely a position is looked at: the examination hypothesis (Richardson et al., 2007), learnt online."""

from dataclasses import dataclass

import numpy as np

from equipoise.types import Floats, Ints

POSITIONS = 100
"""Positions from here on count as the last one."""

_PRIOR = 1.0 / np.log2(2.0 + np.arange(POSITIONS))
_STRENGTH = 20.0
"""How many rewards of usual size the prior curve is worth at each position."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What positions earned, and what their items would have earned on top: both (POSITIONS,)."""

    earned: Floats
    predicted: Floats

    @classmethod
    def none(cls) -> "Examination":
        """Return the state before any impression."""
        return cls(np.zeros(POSITIONS), np.zeros(POSITIONS))

    def add(self, positions: Ints, earned: Floats, predicted: Floats, *, keep: float) -> "Examination":
        """Return the state scaled by `keep`, plus rewards and predictions (n,) at `positions` (n,)."""
        places = np.minimum(positions, POSITIONS - 1)
        return Examination(
            self.earned * keep + np.bincount(places, earned, POSITIONS),
            self.predicted * keep + np.bincount(places, predicted, POSITIONS),
        )

    def curve(self, worth: float) -> Floats:
        """Return the examination of each position, 1 on top, (POSITIONS,); `worth` is a usual reward."""
        prior = _STRENGTH * worth
        ratio = (np.maximum(self.earned, 0.0) + prior * _PRIOR) / (np.maximum(self.predicted, 0.0) + prior)
        curve: Floats = np.clip(ratio / ratio[0], 0.02, 1.5)
        return curve
