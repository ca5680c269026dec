"""What one click or purchase turns out to be worth."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats


class Payout(Protocol):
    """Money, given its expectation."""

    def draw(self, worths: Floats, rng: np.random.Generator) -> Floats:
        """Return one amount for each of `worths` (n, k), with that mean."""
        ...


@dataclass(frozen=True, slots=True)
class Exact:
    """Always the expectation."""

    def draw(self, worths: Floats, rng: np.random.Generator) -> Floats:
        """Return `worths`."""
        return worths


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Heavy-tailed about the expectation: `sigma` is the deviation of the logarithm."""

    sigma: float

    def __post_init__(self) -> None:
        if self.sigma < 0:
            raise BadInputError("sigma", "is a standard deviation; it cannot be negative")

    def draw(self, worths: Floats, rng: np.random.Generator) -> Floats:
        """Return log-normal amounts."""
        amounts: Floats = worths * rng.lognormal(-0.5 * self.sigma**2, self.sigma, size=worths.shape)
        return amounts
