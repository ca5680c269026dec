"""Which items a request may choose from."""

from dataclasses import dataclass, field
from math import gcd
from typing import Protocol

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Ints


class Candidates(Protocol):
    """The candidates of requests."""

    def codes(self, times: Ints, rng: np.random.Generator) -> Ints:
        """Return the item codes for requests at rounds `times` (n,), (n, m), all different in a row."""
        ...


@dataclass(frozen=True, slots=True)
class SameForAll:
    """Every request may choose from all of the first `n_items` items."""

    n_items: int

    def codes(self, times: Ints, rng: np.random.Generator) -> Ints:
        """Return the same codes in every row."""
        return np.broadcast_to(np.arange(self.n_items), (len(times), self.n_items))


@dataclass(frozen=True, slots=True)
class Sampled:
    """Each request brings `m` of `n_items` items.

    Each row walks a fresh permutation of the items from a random start in steps of a random length
    prime to their number: no item comes twice, and every item is equally likely.
    """

    n_items: int
    m: int
    steps: Ints = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 1 <= self.m <= self.n_items:
            raise BadInputError("candidates", f"{self.m} of {self.n_items} items cannot be drawn")
        prime = [step for step in range(1, self.n_items + 1) if gcd(step, self.n_items) == 1]
        object.__setattr__(self, "steps", np.array(prime))

    def codes(self, times: Ints, rng: np.random.Generator) -> Ints:
        """Return random codes, all different within a row."""
        start = rng.integers(self.n_items, size=(len(times), 1))
        step = self.steps[rng.integers(len(self.steps), size=(len(times), 1))]
        places = (start + step * np.arange(self.m)) % self.n_items
        return np.asarray(rng.permutation(self.n_items)[places])


@dataclass(frozen=True, slots=True)
class Arriving:
    """A window of live items that moves on: `every` rounds the oldest leaves and the next code arrives.

    After `arrivals` of them the catalogue stays as it is.
    """

    live: Sampled
    every: int
    arrivals: int

    def codes(self, times: Ints, rng: np.random.Generator) -> Ints:
        """Return codes that are live at each of `times`."""
        return self.live.codes(times, rng) + self.oldest(times)[:, None]

    def oldest(self, times: Ints) -> Ints:
        """Return the oldest live code at each of `times` (n,)."""
        return np.minimum(times // self.every, self.arrivals)
