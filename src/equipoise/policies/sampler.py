"""Slates drawn slot by slot without replacement, with the exact probability of each choice.

A policy says what it believes each candidate is worth and, for what is left at a slot, how heavy each
candidate weighs. A slot draws in proportion to the weights, so P(action | those above) is known in
closed form whatever the weights are.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.policy import NOTHING, Options, Slates
from equipoise.types import Bools, Floats, Ints

LARGEST = 1e100
"""Worths are clipped here, so that differences of them, in any sensible unit, stay finite."""
NONE_LEFT = -1e101
"""Stands for the best where nothing is left: finite, and below every worth."""
_BELOW_ONE = 1.0 - 2.0**-52
"""The largest factor that makes any positive float smaller, whatever the rounding."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One position of n slates that is about to be filled.

    `position` from 0; `left` (n, m) is the worth of what is still there, -inf elsewhere; `best` (n, 1)
    its largest, finite also where nothing is left; `explored` (n, 1) how many of the positions above
    hold something that was worth less than the best of what was left; `above` (n, position) the places
    chosen there, of no meaning where nothing was left.
    """

    position: int
    left: Floats
    best: Floats
    explored: Ints
    above: Ints

    def worth(self, left: Floats) -> "Slot":
        """Return the slot with what is still there worth `left` (n, m) instead, -inf elsewhere."""
        return replace(self, left=left, best=best_left(left))


class Weigh(Protocol):
    """How heavy each candidate weighs at a slot."""

    def __call__(self, slot: Slot) -> Floats:
        """Return weights (n, m) >= 0: some positive where anything is left, 0 wherever `left` is -inf."""
        ...


class Revise(Protocol):
    """How what is above changes the worth of what is left.

    Called at each slot in turn, from the top, perhaps more than once; made anew for each walk, so it may
    remember what it worked out for the slots above.
    """

    def __call__(self, slot: Slot) -> Floats:
        """Return the worth (n, m) given what is above: finite where `left` is, -inf where it is -inf."""
        ...


_Choose: TypeAlias = Callable[[int, Floats], Ints]
"""Called with (position, cumulated weights (n, m)); returns the place chosen in each row, (n,)."""


@dataclass(frozen=True, slots=True)
class _Walk:
    """What was met on the way down n slates of k positions; every array is (k, n).

    `places` chosen; their `weights`; the `totals` of all weights, 0 where nothing was left; the part of
    the totals that was `sure` to go to the best guess; and whether the choice was worth less: `short`.
    """

    places: Ints
    weights: Floats
    totals: Floats
    sure: Floats
    short: Bools


def _walk(left: Floats, weigh: Weigh, k: int, choose: _Choose, revise: Revise | None) -> _Walk:
    """Go down the positions, taking what is chosen out of `left` (n, m >= 1), which is used up."""
    n, m = left.shape
    weights, totals, sure = np.empty((3, k, n))
    met = _Walk(np.empty((k, n), np.int64), weights, totals, sure, np.empty((k, n), np.bool_))
    starts, explored = np.arange(n) * m, np.zeros((n, 1), np.int64)
    for position in range(k):
        slot = Slot(position, left, best_left(left), explored, met.places[:position].T)
        if revise is not None:
            slot = slot.worth(revise(slot))
        heavy = weigh(slot)
        heap = heavy.cumsum(axis=1)
        places = choose(position, heap)
        flat = starts + places
        met.places[position] = places
        met.weights[position] = heavy.take(flat)
        met.totals[position] = heap[:, -1]
        met.sure[position] = np.einsum("ij,ij->i", heavy, slot.left == slot.best)
        met.short[position] = slot.left.take(flat) < slot.best[:, 0]
        explored = explored + met.short[position][:, None]
        left.put(flat, -np.inf)
    return met


def draw_slates(
    left: Floats, weigh: Weigh, k: int, *, rng: np.random.Generator, revise: Revise | None = None
) -> Slates:
    """Draw one slate of `k` positions a row from `left` (n, m >= 1), made by `worth_left`."""
    if k < 0:
        raise BadInputError("k", f"must not be negative, but is {k}")
    uniforms = rng.random((k, len(left))) * _BELOW_ONE

    def choose(slot: int, heap: Floats) -> Ints:
        reached = uniforms[slot] * heap[:, -1]
        places: Ints = (heap > reached[:, None]).argmax(axis=1)
        return places

    met = _walk(left.copy(), weigh, k, choose, revise)
    some = met.totals > 0.0
    unsure = 1.0 - np.divide(met.sure, met.totals, out=np.ones_like(met.totals), where=some)
    return Slates(
        actions=np.where(some, met.places, NOTHING).T,
        propensities=np.divide(met.weights, met.totals, out=np.ones_like(met.totals), where=some).T,
        explored=(some & met.short).T,
        exploration=unsure.sum(axis=0) / np.maximum(some.sum(axis=0), 1),
    )


def replay_slates(left: Floats, weigh: Weigh, actions: Ints, *, revise: Revise | None = None) -> Floats:
    """Return P(action | those above) of `actions` (n, k), (n, k).

    From the first action on that could not have been drawn, a row is 0.
    """
    if actions.size and not NOTHING <= actions.min() <= actions.max() < left.shape[1]:
        raise BadInputError("actions", f"must be places among {left.shape[1]} candidates, or {NOTHING}")
    places = np.maximum(actions, 0).T
    met = _walk(left.copy(), weigh, actions.shape[1], lambda slot, heap: places[slot], revise)
    some = met.totals > 0.0
    shares = np.divide(met.weights, met.totals, out=np.zeros_like(met.totals), where=some)
    chances = np.where(actions.T == NOTHING, ~some, shares)
    possible = np.logical_and.accumulate(chances > 0.0, axis=0)
    return (chances * possible).T


def best_left(left: Floats) -> Floats:
    """Return the largest worth (n, 1) in each row of `left` (n, m), finite also where nothing is left."""
    best: Floats = np.maximum(left.max(axis=1, keepdims=True), NONE_LEFT)
    return best


def worth_left(worth: Floats, items: Ints) -> Floats:
    """Return `worth` (n, m) as finite numbers, the lowest for NaN, and -inf where `items` is -1."""
    worth = worth.astype(np.float64, copy=False)
    finite = np.fmin(np.fmax(worth, -LARGEST), LARGEST)
    return np.where(items == NOTHING, -np.inf, finite)


def with_a_candidate(options: Options) -> Options:
    """Return `options` with at least one column, so that every row has a last total."""
    n, m, d = options.features.shape
    if m > 0:
        return options
    items, scores = np.full((n, 1), NOTHING), np.zeros((n, 1))
    return replace(options, items=items, scores=scores, features=np.zeros((n, 1, d)))


def best_only(slot: Slot) -> Floats:
    """Weigh nothing but the best, and all of them alike where several are."""
    weights: Floats = (slot.left == slot.best).astype(np.float64)
    return weights


class SlotBySlot(ABC):
    """A policy that is a worth and a weighing; this class makes slates and propensities of them."""

    __slots__ = ()

    @abstractmethod
    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Return what the policy believes each candidate is worth (n, m), and how it weighs them."""

    def revising(self, options: Options) -> Revise | None:
        """Return how what is above changes what the rest is worth; None where it does not."""
        return None

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        """Draw one slate of `k` positions for each request."""
        options = with_a_candidate(options)
        worth, weigh = self.weighing(options)
        left, revise = worth_left(worth, options.items), self.revising(options)
        return draw_slates(left, weigh, k, rng=rng, revise=revise)

    def propensities(self, options: Options, actions: Ints) -> Floats:
        """Return P(action | those above) for each position of `actions` (n, k), (n, k)."""
        options = with_a_candidate(options)
        worth, weigh = self.weighing(options)
        left, revise = worth_left(worth, options.items), self.revising(options)
        return replay_slates(left, weigh, actions, revise=revise)
