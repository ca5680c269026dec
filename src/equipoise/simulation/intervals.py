"""A mean over seeds and how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from equipoise.types import Floats

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the ends of its 95 % interval, which one seed alone does not give."""

    mean: float
    low: float | None
    high: float | None


def interval(values: Sequence[float]) -> Interval:
    """Return the mean of `values`, one a seed, and its interval by Student's t."""
    mean = float(np.mean(values))
    if len(values) < 2:
        return Interval(mean, None, None)
    half = float(half_widths(np.array(values)[:, None])[0])
    return Interval(mean, mean - half, mean + half)


def half_widths(values: Floats) -> Floats:
    """Return half the width of the interval of the mean of each column of `values` (s >= 2, p), (p,)."""
    s = len(values)
    widths: Floats = t.ppf(0.5 + CONFIDENCE / 2, s - 1) * values.std(axis=0, ddof=1) / np.sqrt(s)
    return widths
