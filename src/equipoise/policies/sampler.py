"""Slates drawn slot by slot without replacement, with the exact probability of each choice.

A policy says what it believes each candidate is worth and, for what is left at a slot, how heavy each
candidate weighs. A slot draws in proportion to the weights, so P(action | those above) is known in
closed form whatever the weights are.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from equipoise.errors import BadInputError
from equipoise.kernels import kernel
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

    `position` from 0, with `below` more to fill after it; `left` (n, m) is the worth of what is still
    there, -inf elsewhere; `best` (n, 1) its largest, finite also where nothing is left; `explored` (n, 1)
    how many of the positions above hold something that was worth less than the best of what was left;
    `above` (n, position) the places chosen there, of no meaning where nothing was left.
    """

    position: int
    left: Floats
    best: Floats
    explored: Ints
    above: Ints
    below: int

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


@dataclass(frozen=True, slots=True)
class _Walk:
    """What was met on the way down n slates of k positions.

    `places` (k, n) chosen, and 0 where nothing was left; `actions` (n, k) the same, with -1 there;
    `chances` (n, k) of P(action | those above), `short` (n, k) whether something else was worth more;
    `unsure` (n,) sums the chance of that over the `filled` (n,) positions.
    """

    places: Ints
    actions: Ints
    chances: Floats
    short: Bools
    unsure: Floats
    filled: Ints

    @classmethod
    def begun(cls, actions: Ints, chances: Floats) -> "_Walk":
        """Return the walk before its first position."""
        n, k = actions.shape
        places, short = np.zeros((k, n), np.int64), np.zeros((n, k), np.bool_)
        return cls(places, actions, chances, short, np.zeros(n), np.zeros(n, np.int64))


def _walk(left: Floats, weigh: Weigh, walk: _Walk, *, given: bool, revise: Revise | None) -> _Walk:
    """Go down the positions of `walk`, taking what is chosen out of `left` (n, m >= 1), which is used up.

    Actions are kept if `given`, and drawn by the uniform numbers in `chances` if not.
    """
    n, k = walk.actions.shape
    explored = np.zeros((n, 1), np.int64)
    for position in range(k):
        slot = Slot(
            position, left, best_left(left), explored.copy(), walk.places[:position].T, k - 1 - position
        )
        if revise is not None:
            slot = slot.worth(revise(slot))
        _settle(
            position,
            slot.left,
            slot.best,
            np.ascontiguousarray(weigh(slot), np.float64),
            given,
            left,
            explored,
            walk.places,
            walk.actions,
            walk.chances,
            walk.short,
            walk.unsure,
            walk.filled,
        )
    return walk


@kernel
def _settle(
    position: int,
    worth: Floats,
    best: Floats,
    weights: Floats,
    given: bool,
    left: Floats,
    explored: Ints,
    places: Ints,
    actions: Ints,
    chances: Floats,
    short: Bools,
    unsure: Floats,
    filled: Ints,
) -> None:
    """Fill one `position` of n slates by `weights` (n, m), for candidates of `worth` (n, m).

    The rest is what `_walk` keeps; the choice is taken out of `left` (n, m).
    """
    n, m = weights.shape
    for row in range(n):
        total, sure = 0.0, 0.0
        for place in range(m):
            total += weights[row, place]
            if worth[row, place] == best[row, 0]:
                sure += weights[row, place]
        if not given:
            actions[row, position] = _drawn(weights[row], chances[row, position] * _BELOW_ONE * total)
        action = actions[row, position]
        place = max(action, 0)
        if total > 0.0:
            filled[row] += 1
            unsure[row] += 1.0 - sure / total
            short[row, position] = worth[row, place] < best[row, 0]
            explored[row, 0] += short[row, position]
            chances[row, position] = weights[row, place] / total if action != NOTHING else 0.0
        else:
            chances[row, position] = 1.0 if action == NOTHING else 0.0
        places[position, row] = place
        left[row, place] = -np.inf


@kernel
def _drawn(weights: Floats, reached: float) -> int:
    """Return the first place where the sum of `weights` passes `reached`; NOTHING where none does."""
    heap = 0.0
    for place in range(len(weights)):
        heap += weights[place]
        if heap > reached:
            return place
    return NOTHING


def draw_slates(
    left: Floats, weigh: Weigh, k: int, *, rng: np.random.Generator, revise: Revise | None = None
) -> Slates:
    """Draw one slate of `k` positions a row from `left` (n, m >= 1), made by `worth_left`."""
    if k < 0:
        raise BadInputError("k", f"must not be negative, but is {k}")
    n = len(left)
    begun = _Walk.begun(np.empty((n, k), np.int64), rng.random((n, k)))
    walk = _walk(left.copy(), weigh, begun, given=False, revise=revise)
    return Slates(
        actions=walk.actions,
        propensities=walk.chances,
        explored=walk.short,
        exploration=walk.unsure / np.maximum(walk.filled, 1),
    )


def replay_slates(left: Floats, weigh: Weigh, actions: Ints, *, revise: Revise | None = None) -> Floats:
    """Return P(action | those above) of `actions` (n, k), (n, k).

    From the first action on that could not have been drawn, a row is 0.
    """
    if actions.size and not NOTHING <= actions.min() <= actions.max() < left.shape[1]:
        raise BadInputError("actions", f"must be places among {left.shape[1]} candidates, or {NOTHING}")
    begun = _Walk.begun(actions.astype(np.int64), np.empty(actions.shape))
    chances = _walk(left.copy(), weigh, begun, given=True, revise=revise).chances
    possible: Floats = chances * np.logical_and.accumulate(chances > 0.0, axis=1)
    return possible


def best_left(left: Floats) -> Floats:
    """Return the largest worth (n, 1) in each row of `left` (n, m), finite also where nothing is left."""
    best = np.empty((len(left), 1))
    _best(left, best)
    return best


@kernel
def _best(left: Floats, best: Floats) -> None:
    for row in range(len(left)):
        best[row, 0] = NONE_LEFT
        for place in range(left.shape[1]):
            best[row, 0] = max(best[row, 0], left[row, place])


def worth_left(worth: Floats, items: Ints) -> Floats:
    """Return `worth` (n, m) as finite numbers, the lowest for NaN, and -inf where `items` is -1."""
    left = np.empty(worth.shape)
    _clip(worth, items, left)
    return left


@kernel
def _clip(worth: Floats, items: Ints, left: Floats) -> None:
    n, m = worth.shape
    for row in range(n):
        for place in range(m):
            number = worth[row, place]
            left[row, place] = min(number, LARGEST) if number >= -LARGEST else -LARGEST
            if items[row, place] == NOTHING:
                left[row, place] = -np.inf


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


def shared(weights: Floats) -> Floats:
    """Return `weights` (n, m) as shares of their sums; 0 where all are."""
    total = weights.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(weights, total, out=np.zeros(weights.shape), where=total > 0.0)
    return shares


class SlotBySlot(ABC):
    """A policy that is a worth and a weighing; this class makes slates and propensities of them."""

    __slots__ = ()

    @abstractmethod
    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Return what the policy believes each candidate is worth (n, m), and how it weighs them."""

    def revising(self, options: Options) -> Revise | None:
        """Return how what is above changes what the rest is worth; None where it does not."""
        return None

    def by_expert(self, options: Options, actions: Ints) -> Floats | None:
        """Return the probability of `actions` (n, k) under each policy that this one mixes, (n, k, e)."""
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
