"""Clipped IPS with a variance penalty: POEM (Swaminathan and Joachims, 2015, ICML)."""

from dataclasses import dataclass

import numpy as np

from equipoise.training.offpolicy.choices import Choices
from equipoise.training.offpolicy.objective import Slopes, bounded, ratios
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class IPS:
    """Mean of min(π/p, `clip`) r, less `penalty` standard errors of it.

    Where all rewards are positive it gains by making every logged action likelier, be it good or not:
    `SNIPS` does not.
    """

    penalty: float = 1.0
    clip: float = 10.0

    def of(self, choices: Choices, chances: Floats, values: Floats) -> Slopes:
        """Return the objective and its slopes."""
        weights, slopes = ratios(choices, chances, self.clip)
        value, slope = bounded((weights * choices.rewards).sum(axis=1), self.penalty)
        on_chance = slope[:, None] * slopes * choices.rewards
        return Slopes(value=value, on_chance=on_chance, on_value=np.zeros_like(on_chance))
