"""From utility to what a candidate earns when it is looked at."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from equipoise.errors import BadInputError
from equipoise.types import Floats


class Link(Protocol):
    """A map from utilities to appeals."""

    def appeals(self, utilities: Floats) -> Floats:
        """Return the mean reward, or chance of a click, of each candidate that is looked at."""
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """The utility is the mean reward."""

    def appeals(self, utilities: Floats) -> Floats:
        """Return the utilities."""
        return utilities


@dataclass(frozen=True, slots=True)
class Logistic:
    """The utility is log-odds of a click, above an `intercept`."""

    intercept: float

    def appeals(self, utilities: Floats) -> Floats:
        """Return the chance of a click."""
        chances: Floats = expit(utilities + self.intercept)
        return chances


def logistic_at(rate: float, utilities: Floats) -> Logistic:
    """Return the link under which candidates like those of `utilities` are clicked at `rate` on average."""
    if not 0 < rate < 1:
        raise BadInputError("click_rate", f"{rate} is no chance of a click; give one between 0 and 1")
    centred = utilities - np.mean(utilities)
    intercept = brentq(lambda shift: float(expit(centred + shift).mean()) - rate, -40.0, 40.0)
    return Logistic(float(intercept) - float(np.mean(utilities)))
