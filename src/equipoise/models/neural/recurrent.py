"""Nets that remember a history in a state, so that one more event costs the same however long it is."""

from typing import Protocol, TypeAlias, runtime_checkable

from equipoise.models.neural.backends.backend import Array, Backend
from equipoise.types import Floats

States: TypeAlias = tuple[Floats, ...]
"""Arrays of one row a history; the first is what the net tells of it."""


@runtime_checkable
class Recurrent(Protocol):
    """A net that can be told of one event at a time."""

    def states(self, n: int) -> States:
        """Return the states of `n` empty histories."""
        ...

    def advance(self, states: States, x: Floats) -> States:
        """Return the states after one more item each, with vectors `x` (n, d)."""
        ...

    def told(self, states: Array, on: Backend) -> Array:
        """Return the vectors (n, d) of what is expected after `states` (n, h), the first of `States`."""
        ...
