"""A fitted long-term value as arrays: a small network of candidate features, without PyTorch to run it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.types import Floats


class CandidateValues(Protocol):
    """What ranks candidates by their long-term value: higher is better."""

    def scores(self, features: Floats) -> Floats:
        """Return the score of each candidate of `features` (n, m, d), (n, m)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Features to one number: standardised by `mean` and `scale` (d,), layers of rectified sums between.

    `weights` [(d, h), ..., (h, 1)] and `biases`.
    """

    mean: Floats
    scale: Floats
    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]

    def scores(self, features: Floats) -> Floats:
        """Return the value of each candidate of `features` (..., d), (...)."""
        x = (features.astype(np.float32) - self.mean) / self.scale
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = np.maximum(x @ weight + bias, 0.0)
        return np.asarray((x @ self.weights[-1] + self.biases[-1])[..., 0], np.float64)


def nothing_shown(features: Floats, n_own: int) -> Floats:
    """Return the features of "nothing" in each request of (n, m, d), (n, 1, d): those of the request alone.

    The first `n_own` features are the candidate's.
    """
    blank = features[:, :1].copy()
    blank[:, :, :n_own] = 0.0
    return blank
