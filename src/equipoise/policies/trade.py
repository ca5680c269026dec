"""Relevance against likeness: what is like those above is worth less, whatever the units of worth."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.likeness import Likeness
from equipoise.policies.lin_greedy import LinGreedy
from equipoise.policies.policy import PolicyConfig
from equipoise.policies.sampler import LARGEST, Revise, Slot
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Trading:
    """What a diversifying policy is told: whose worths, and how much `relevance` counts, in (0, 1].

    Worths count `relevance` as a share of their range over the request's candidates, unlikeness the rest.
    """

    policy: PolicyConfig = field(default_factory=LinGreedy)
    relevance: float = 0.9

    def __post_init__(self) -> None:
        if not 0.0 < self.relevance <= 1.0:
            raise BadInputError("relevance", f"must lie in (0, 1], but is {self.relevance}")


@dataclass(slots=True)
class Trade(ABC):
    """Worths revised down a slate: worth - (1 - `relevance`) / `relevance` * range * likeness to those above.

    Remembers what it worked out for the slots above, so each slot costs one look at each candidate.
    `inner` revises first.
    """

    likeness: Likeness
    relevance: float
    inner: Revise | None
    _price: Floats | None = field(default=None, init=False)
    _known: int = field(default=0, init=False)

    def __call__(self, slot: Slot) -> Floats:
        """Return the worth given what is above, (n, m)."""
        if self._price is None:
            self._price = (1.0 - self.relevance) / self.relevance * _range(slot.left)
        while self._known < slot.position:
            self.absorb(slot.above[:, self._known])
            self._known += 1
        left = slot.left if self.inner is None else self.inner(slot)
        revised = np.clip(left - self._price * self.loss(), -LARGEST, LARGEST)
        return np.where(slot.left > -np.inf, revised, -np.inf)

    @abstractmethod
    def absorb(self, places: Ints) -> None:
        """Take note that the candidates at `places` (n,) are now above."""

    @abstractmethod
    def loss(self) -> Floats:
        """Return how much each candidate loses by what is above, at least 0, (n, m)."""


def _range(left: Floats) -> Floats:
    """Return the highest less the lowest worth of what is left, (n, 1)."""
    there = left > -np.inf
    high = np.where(there, left, -LARGEST).max(axis=1, keepdims=True)
    low = np.where(there, left, LARGEST).min(axis=1, keepdims=True)
    return np.asarray(np.maximum(high - low, 0.0))
