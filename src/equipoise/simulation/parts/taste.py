"""What visitors like: the terms whose sum is the utility of a candidate."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.simulation.parts.schedules import Schedule
from equipoise.simulation.parts.visitors import Crowd
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """All there is to know of n requests: who asks, when, and what may be shown.

    `times` (n,), `codes` (n, m), `content` (n, m, q), `features` (n, m, d).
    """

    crowd: Crowd
    times: Ints
    codes: Ints
    content: Floats
    features: Floats


class Term(Protocol):
    """One reason to like an item."""

    def utilities(self, sight: Sight) -> Floats:
        """Return what it adds to each candidate, (n, m)."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """Linear in the features, the same for ever: `weights` (d,)."""

    weights: Floats

    def utilities(self, sight: Sight) -> Floats:
        """Return features times weights."""
        return sight.features @ self.weights


@dataclass(frozen=True, slots=True)
class Changing:
    """Linear in the features, with weights that follow a schedule."""

    schedule: Schedule

    def utilities(self, sight: Sight) -> Floats:
        """Return features times the weights in force at each request."""
        weights = self.schedule.weights(sight.times)
        return np.asarray(np.matmul(sight.features, weights[:, :, None])[:, :, 0])


@dataclass(frozen=True, slots=True)
class Own:
    """What an item has and its features do not say: `effects` (n_items,)."""

    effects: Floats

    def utilities(self, sight: Sight) -> Floats:
        """Return the effect of each candidate."""
        return self.effects[sight.codes]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Products of every content with every trait: `matrix` (q, r), which linear features may lack."""

    matrix: Floats

    def utilities(self, sight: Sight) -> Floats:
        """Return content' matrix traits."""
        directions = sight.crowd.traits @ self.matrix.T
        return np.asarray(np.matmul(sight.content, directions[:, :, None])[:, :, 0])


@dataclass(frozen=True, slots=True)
class Bent:
    """A middle is liked best: less `strength` (q,) times the squared content, centred for unit variance."""

    strength: Floats

    def utilities(self, sight: Sight) -> Floats:
        """Return the curved part of the taste."""
        return (1.0 - sight.content**2) @ self.strength


def draw_weights(
    n_features: int, spread: float, *, rng: np.random.Generator, count: int | None = None
) -> Floats:
    """Return weights (n_features,) of length `spread`, 0 for the constant; (count, n_features) if asked."""
    size = (n_features,) if count is None else (count, n_features)
    weights = rng.standard_normal(size)
    weights[..., 0] = 0.0
    return np.asarray(spread * weights / np.linalg.norm(weights, axis=-1, keepdims=True))
