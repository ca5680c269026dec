"""Self-normalised IPS with a variance penalty: Norm-POEM (Swaminathan and Joachims, 2015, NeurIPS)."""

from dataclasses import dataclass

import numpy as np

from equipoise.training.offpolicy.choices import Choices
from equipoise.training.offpolicy.objective import Slopes, ratios
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SNIPS:
    """At each position the mean reward weighted by min(π/p, `clip`), summed, less `penalty` standard errors.

    Adding a number to all rewards changes nothing of what is learned, unlike with `IPS`.
    """

    penalty: float = 1.0
    clip: float = 10.0

    def of(self, choices: Choices, chances: Floats, values: Floats) -> Slopes:
        """Return the objective and its slopes."""
        weights, slopes = ratios(choices, chances, self.clip)
        totals = np.maximum(weights.sum(axis=0), 1e-12)
        means = (weights * choices.rewards).sum(axis=0) / totals
        beyond = (choices.rewards - means) * choices.filled
        parts = weights * beyond / totals
        errors = parts.sum(axis=1)
        error = float(np.sqrt((errors**2).sum()))
        slope = beyond / totals
        if error > 0.0:
            slope = slope - self.penalty * _spread(errors, weights, beyond, parts, totals) / error
        return Slopes(
            value=float(means.sum()) - self.penalty * error,
            on_chance=slope * slopes,
            on_value=np.zeros_like(slopes),
        )


def _spread(errors: Floats, weights: Floats, beyond: Floats, parts: Floats, totals: Floats) -> Floats:
    """Return half the slope (n, k) in the weights of the sum of squared `errors` (n,).

    A weight moves its own error, and through mean and total of its position those of all others.
    """
    shared = (errors @ weights) / totals
    return (errors[:, None] * beyond - shared * beyond - errors @ parts) / totals
