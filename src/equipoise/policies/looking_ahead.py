"""A policy that counts what follows from a choice: its own belief against a long-term value, by a weight."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.policy import Options
from equipoise.policies.sampler import Revise, Slot, SlotBySlot, Weigh, best_only, worth_left
from equipoise.types import Bools, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LookingAhead(SlotBySlot):
    """`policy`, but what it would show as its best guess is the best of both: (1 - `weight`) times what it
    believes a candidate earns at once, plus `weight` times the long-term `values` (n, m).

    The values are brought to the mean and the deviation that the policy's belief has over the candidates of
    the request, so that the weight means the same whatever the units; at 1 only they count. Where the policy
    explores, it does so as before: its chance of a best guess goes to the best of both, all others stay.
    Propensities are exact. What experts of a mixture would have shown is not known any more.
    """

    policy: SlotBySlot
    values: Floats
    weight: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.weight <= 1.0:
            raise BadInputError("long_term", f"must lie in [0, 1], not {self.weight}")
        if self.values.ndim != 2:
            raise BadInputError("values", f"must be (n, m), but their shape is {self.values.shape}")

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh as the policy does, with the chance of its best guess given to the best of both."""
        worth, weigh = self.policy.weighing(options)
        own = worth_left(worth, options.items)
        mix, revise = self._mixing(own), self.policy.revising(options)
        return mix(own), _Moved(weigh=weigh, own=own, revise=revise)

    def revising(self, options: Options) -> Revise | None:
        """Return how the policy revises its own belief, with the values added."""
        revise = self.policy.revising(options)
        if revise is None:
            return None
        own = worth_left(self.policy.weighing(options)[0], options.items)
        mix = self._mixing(own)
        return lambda slot: mix(revise(_own(slot, own)))

    def _mixing(self, own: Floats) -> Callable[[Floats], Floats]:
        """Return what makes worths of both out of the policy's (n, m), which were `own` to begin with."""
        if own.shape != self.values.shape:
            raise BadInputError("values", f"are {self.values.shape}, but the options are {own.shape}")
        ahead = self.weight * _alike(self.values, own)
        return lambda worth: (1.0 - self.weight) * worth + ahead if self.weight < 1.0 else _only(ahead, worth)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """The weights of the policy by its `own` worths (n, m), those of its best guesses moved to the best."""

    weigh: Weigh
    own: Floats
    revise: Revise | None

    def __call__(self, slot: Slot) -> Floats:
        mine = _own(slot, self.own)
        mine = mine if self.revise is None else mine.worth(self.revise(mine))
        weights, best = self.weigh(mine), best_only(slot) > 0.0
        given = (best_only(mine) > 0.0) & ~best
        moved = np.where(given, weights, 0.0).sum(axis=1, keepdims=True)
        shares: Floats = moved * best / np.maximum(best.sum(axis=1, keepdims=True), 1)
        return np.where(given, 0.0, weights) + shares


def _own(slot: Slot, own: Floats) -> Slot:
    """Return the slot with what is still there worth what the policy alone believes."""
    return slot.worth(np.where(slot.left > -np.inf, own, -np.inf))


def _only(ahead: Floats, worth: Floats) -> Floats:
    return np.where(worth > -np.inf, ahead, -np.inf)


def _alike(values: Floats, own: Floats) -> Floats:
    """Return `values` (n, m) with the mean and the deviation of `own` over the candidates there are."""
    there = own > -np.inf
    mean, deviation = _moments(own, there)
    centre, spread = _moments(values, there)
    scaled = (values - centre) / np.where(spread > 0.0, spread, 1.0)
    return np.where(there, mean + np.where(deviation > 0.0, deviation, 1.0) * scaled, 0.0)


def _moments(values: Floats, there: Bools) -> tuple[Floats, Floats]:
    count = np.maximum(there.sum(axis=1, keepdims=True), 1)
    mean = np.where(there, values, 0.0).sum(axis=1, keepdims=True) / count
    square = np.where(there, (values - mean) ** 2, 0.0).sum(axis=1, keepdims=True) / count
    return mean, np.sqrt(square)
