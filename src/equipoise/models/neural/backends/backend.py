"""The operations a net is written in, so that one text of it both learns and serves."""

from typing import Any, Protocol, TypeAlias

from equipoise.types import Bools, Ints

Array: TypeAlias = Any
"""A NumPy array or a PyTorch tensor; what both understand (`@`, `+`, slices, `swapaxes`) needs no backend."""


class Backend(Protocol):
    """The few operations that NumPy and PyTorch spell differently, or that must learn."""

    def drop(self, x: Array) -> Array:
        """Return `x` with some of its numbers zeroed while learning, and as it is otherwise."""
        ...

    def softmax(self, x: Array) -> Array:
        """Return the softmax over the last axis."""
        ...

    def normed(self, x: Array, gain: Array, shift: Array) -> Array:
        """Return `x` (…, d) with mean 0 and variance 1 in the last axis, times `gain` plus `shift`."""
        ...

    def relu(self, x: Array) -> Array: ...  # noqa: D102
    def sigmoid(self, x: Array) -> Array: ...  # noqa: D102

    def only(self, x: Array, allowed: Bools) -> Array:
        """Return `x` with -inf where not `allowed`."""
        ...

    def taken(self, table: Array, places: Ints) -> Array:
        """Return the rows of `table` at `places` of any shape; of a (k,) table the numbers."""
        ...

    def shifted(self, x: Array, steps: int) -> Array:
        """Return `x` (b, n, d) moved `steps` places later, zeros before."""
        ...

    def stacked(self, parts: list[Array]) -> Array:
        """Return arrays of one shape along a new last axis."""
        ...

    def joined(self, parts: list[Array]) -> Array:
        """Return arrays one after another along the last axis."""
        ...

    def highest(self, x: Array) -> Array:
        """Return the largest over the last axis."""
        ...

    def gru(self, x: Array, into: Array, back: Array, into_bias: Array, back_bias: Array) -> Array:
        """Return the states (b, n, h) of a gated recurrent unit over `x` (b, n, d), from a state of zeros.

        `into` (3 h, d) and `back` (3 h, h) hold reset, update and new, in this order.
        """
        ...

    def lstm(self, x: Array, into: Array, back: Array, into_bias: Array, back_bias: Array) -> Array:
        """Return the outputs (b, n, h) of a long short-term memory over `x` (b, n, d), from zeros.

        `into` (4 h, d) and `back` (4 h, h) hold input, forget, cell and output, in this order.
        """
        ...
