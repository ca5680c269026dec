"""How what is further away counts less: the weighting functions of session neighbours, as tables.

Linear and harmonic as in Ludewig & Jannach (2018), exponential as in Garg et al. (2019).
"""

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats

REACH = 64
"""What is further away than this many places counts nothing."""

Fading = Literal["exponential", "linear", "harmonic"]

_SHAPES: Mapping[str, Callable[[Floats], Floats]] = {
    "exponential": lambda far: np.exp(-far),
    "linear": lambda far: np.maximum(1.0 - far, 0.0),
    "harmonic": lambda far: 1.0 / (1.0 + far),
}


def checked(name: str, fading: str, scale: float) -> None:
    """Raise `BadInputError` on the field `name` where there is no such table."""
    if fading not in _SHAPES:
        raise BadInputError("fading", f"must be one of {', '.join(_SHAPES)}, is {fading!r}")
    if not scale > 0:
        raise BadInputError(name, f"must be above 0 places, is {scale}")


def faded(fading: Fading, scale: float) -> Floats:
    """Return what counts 0, 1, … places away, (REACH,): 1 at 0, and with x = places / `scale`
    exp(-x), max(1 - x, 0) or 1 / (1 + x).
    """
    return np.asarray(_SHAPES[fading](np.arange(REACH) / scale), np.float64)
