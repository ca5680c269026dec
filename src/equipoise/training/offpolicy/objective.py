"""What a learned policy is to be good at, as a number and its slopes."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.training.offpolicy.choices import Choices
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Slopes:
    """An objective's `value`, and its slopes (n, k) in the logarithms of chances and in mean guesses."""

    value: float
    on_chance: Floats
    on_value: Floats


class Objective(Protocol):
    """An estimate of a policy's value that is to be made large, less a price for being unsure of it."""

    def of(self, choices: Choices, chances: Floats, values: Floats) -> Slopes:
        """Return the objective of a policy with `chances` (n, k) of what was logged.

        `values` (n, k) are the means of the guesses under the policy, 0 without guesses.
        """
        ...


def ratios(choices: Choices, chances: Floats, clip: float) -> tuple[Floats, Floats]:
    """Return importance weights (n, k), `clip` at most and 0 where a slate ended; and their slopes.

    The slope is that in the logarithm of the chance. A weight that was clipped has none.
    """
    plain = np.where(choices.filled, chances / choices.propensities, 0.0)
    return np.minimum(plain, clip), np.where(plain < clip, plain, 0.0)


def bounded(terms: Floats, penalty: float) -> tuple[float, Floats]:
    """Return mean less `penalty` standard errors of `terms` (n,), and the slope in each term, (n,)."""
    n = len(terms)
    off = terms - terms.mean()
    error = float(np.sqrt((off**2).sum())) / n
    slope = np.full(n, 1.0 / n) if error == 0.0 else 1.0 / n - penalty * off / (n * n * error)
    return float(terms.mean()) - penalty * error, slope
