"""Slates drawn slot by slot without replacement, with the exact probability of each choice.

A policy says what it believes each candidate is worth (`worth`) and, for what is left at a slot, how
heavy each candidate weighs. A slot draws in proportion to the weights, so P(action | those above) is
known in closed form whatever the weights are.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.policy import NOTHING, Options, Slates
from equipoise.types import Bools, Floats, Ints

_LARGEST = 1e100
"""Worths are clipped here, so that differences and squares of them stay finite."""


class Weigh(Protocol):
    """How heavy each candidate weighs at a slot."""

    def __call__(self, left: Floats, best: Floats) -> Floats | Bools:
        """Return weights (n, m) >= 0: positive for a best one, 0 wherever `left` is -inf.

        `left` (n, m) is the worth of what is still there, -inf elsewhere; `best` (n, 1) its largest.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Slot:
    """One slot of n slates: its weights, their cumulative sum, and which candidates are the best left."""

    weights: Floats
    heap: Floats
    best: Bools

    @classmethod
    def of(cls, left: Floats, weigh: Weigh) -> "_Slot":
        best = left.max(axis=1, initial=-np.inf)[:, None]
        best[best == -np.inf] = 0.0
        weights = weigh(left, best).astype(np.float64, copy=False)
        return cls(weights, weights.cumsum(axis=1), left == best)

    @property
    def total(self) -> Floats:
        return self.heap[:, -1] if self.heap.shape[1] else np.zeros(len(self.heap))

    def draw(self, uniforms: Floats) -> Ints:
        """Return the place where `uniforms` (n,) of the heap is reached; its weight is never 0."""
        total = self.total
        reached = np.minimum(uniforms * total, np.nextafter(total, 0.0))
        places: Ints = (self.heap <= reached[:, None]).sum(axis=1)
        return np.where(total > 0.0, places, NOTHING)

    def probability(self, rows: Ints, actions: Ints) -> Floats:
        """Return P(action) for each row: 1 for `NOTHING` where nothing is left."""
        total = self.total
        weight = self.weights[rows, actions] if self.weights.shape[1] else np.zeros(len(rows))
        share = np.divide(weight, total, out=np.zeros(len(rows)), where=total > 0.0)
        return np.where(actions == NOTHING, (total <= 0.0).astype(np.float64), share)

    def unsure(self) -> Floats:
        """Return the probability of choosing another than the best left, (n,)."""
        sure = (self.weights * self.best).sum(axis=1)
        total = self.total
        return 1.0 - np.divide(sure, total, out=np.ones_like(total), where=total > 0.0)


def draw_slates(worth: Floats, available: Bools, weigh: Weigh, k: int, *, rng: np.random.Generator) -> Slates:
    """Draw one slate of `k` positions a row from `worth` (n, m) where `available` (n, m)."""
    if k < 0:
        raise BadInputError("k", f"must not be negative, but is {k}")
    n = len(worth)
    rows, left = np.arange(n), _left(worth, available)
    uniforms = rng.random((k, n))
    actions, propensities = np.empty((n, k), np.int64), np.empty((n, k))
    explored, unsure = np.empty((n, k), np.bool_), np.empty((n, k))
    for place in range(k):
        slot = _Slot.of(left, weigh)
        drawn = slot.draw(uniforms[place])
        actions[:, place] = drawn
        propensities[:, place] = slot.probability(rows, drawn)
        unsure[:, place] = slot.unsure()
        if left.shape[1]:
            explored[:, place] = (drawn != NOTHING) & ~slot.best[rows, drawn]
            _take(left, rows, drawn)
        else:
            explored[:, place] = False
    filled = (actions != NOTHING).sum(axis=1)
    exploration = unsure.sum(axis=1) / np.maximum(filled, 1)
    return Slates(actions=actions, propensities=propensities, explored=explored, exploration=exploration)


def replay_slates(worth: Floats, available: Bools, weigh: Weigh, actions: Ints) -> Floats:
    """Return P(action | those above) of `actions` (n, k), (n, k); 0 for what could not be drawn."""
    rows, left = np.arange(len(worth)), _left(worth, available)
    return (
        np.stack([*_replay(rows, left, weigh, actions)], axis=1)
        if actions.shape[1]
        else np.empty(actions.shape)
    )


def _replay(rows: Ints, left: Floats, weigh: Weigh, actions: Ints) -> Iterator[Floats]:
    for drawn in actions.T:
        yield _Slot.of(left, weigh).probability(rows, drawn)
        if left.shape[1]:
            _take(left, rows, drawn)


def _left(worth: Floats, available: Bools) -> Floats:
    finite = np.nan_to_num(worth.astype(np.float64), nan=-_LARGEST, posinf=_LARGEST, neginf=-_LARGEST)
    return np.where(available, np.clip(finite, -_LARGEST, _LARGEST), -np.inf)


def _take(left: Floats, rows: Ints, drawn: Ints) -> None:
    chosen = drawn != NOTHING
    left[rows[chosen], drawn[chosen]] = -np.inf


class SlotBySlot(ABC):
    """A policy that is a worth and a weighing; this class makes slates and propensities of them."""

    __slots__ = ()

    @abstractmethod
    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Return what the policy believes each candidate is worth (n, m), and how it weighs them."""

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        """Draw one slate of `k` positions for each request."""
        worth, weigh = self.weighing(options)
        return draw_slates(worth, options.items != NOTHING, weigh, k, rng=rng)

    def propensities(self, options: Options, actions: Ints) -> Floats:
        """Return P(action | those above) for each position of `actions` (n, k), (n, k)."""
        worth, weigh = self.weighing(options)
        return replay_slates(worth, options.items != NOTHING, weigh, actions)
