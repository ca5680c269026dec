"""How far the mean over these users may be from the mean over all users like them."""

from collections.abc import Iterator

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats

NORMAL_95 = 1.959964
_CELLS = 4_000_000


def normal_interval(values: Floats) -> tuple[float, float]:
    """Return mean -+ 1.96 standard errors of `values` (n,): 95%, by the central limit theorem.

    Infinite for one user, of whom nothing follows for others.
    """
    n, mean = len(values), float(values.mean())
    half = NORMAL_95 * float(values.std(ddof=1)) / n**0.5 if n > 1 else np.inf
    return mean - half, mean + half


def bootstrap_interval(
    values: Floats, *, rng: np.random.Generator, draws: int = 1000, level: float = 0.95
) -> tuple[float, float]:
    """Return the percentile interval of the mean of `values` (n,) (Efron and Tibshirani, 1993, ch. 13)."""
    means = resampled_means(values, rng=rng, draws=draws)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def resampled_means(values: Floats, *, rng: np.random.Generator, draws: int) -> Floats:
    """Return the means of `draws` samples of n users of `values` (n,), with replacement, (draws,)."""
    n = len(values)
    return np.concatenate([values[rng.integers(0, n, (some, n))].mean(axis=1) for some in batches(draws, n)])


def batches(draws: int, n: int) -> Iterator[int]:
    """Yield numbers of draws that add up to `draws`, none of which needs more than a few million cells."""
    if draws < 1:
        raise BadInputError("draws", f"must be at least 1, is {draws}")
    step = max(1, _CELLS // max(n, 1))
    return (min(step, draws - begun) for begun in range(0, draws, step))
