"""The few functions that a net needs beside + * @, on NumPy arrays to predict and on PyTorch tensors to
train.

A net is written once, as a frozen dataclass of arrays with a formula; it is trained by putting tensors in the
place of its arrays, and served without PyTorch.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Protocol, TypeAlias, TypeVar

import numpy as np

Array: TypeAlias = Any
"""A NumPy array, or a tensor while training."""
Net = TypeVar("Net")


class Algebra(Protocol):
    """What differs between the two."""

    def sigmoid(self, x: Array) -> Array: ...  # noqa: D102
    def tanh(self, x: Array) -> Array: ...  # noqa: D102
    def relu(self, x: Array) -> Array: ...  # noqa: D102
    def softmax(self, x: Array) -> Array: ...  # noqa: D102
    def concat(self, parts: Sequence[Array]) -> Array: ...  # noqa: D102
    def stack(self, parts: Sequence[Array]) -> Array: ...  # noqa: D102
    def lookup(self, table: Array, codes: Array) -> Array: ...  # noqa: D102
    def dropout(self, x: Array) -> Array: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class OnArrays:
    """NumPy; nothing is dropped out."""

    def sigmoid(self, x: Array) -> Array:
        """Return 1 / (1 + exp(-x)), without overflow."""
        return 0.5 * (np.tanh(0.5 * x) + 1)

    def tanh(self, x: Array) -> Array:
        """Return the hyperbolic tangent of `x`."""
        return np.tanh(x)

    def relu(self, x: Array) -> Array:
        """Return what is above 0 of `x`."""
        return np.maximum(x, 0)

    def softmax(self, x: Array) -> Array:
        """Return shares along the last axis."""
        raised = np.exp(x - x.max(axis=-1, keepdims=True))
        return raised / raised.sum(axis=-1, keepdims=True)

    def concat(self, parts: Sequence[Array]) -> Array:
        """Return `parts` side by side along the last axis."""
        return np.concatenate(parts, axis=-1)

    def stack(self, parts: Sequence[Array]) -> Array:
        """Return `parts` (n, d) as (n, parts, d)."""
        return np.stack(parts, axis=1)

    def lookup(self, table: Array, codes: Array) -> Array:
        """Return the rows of `table` (m, d) at `codes`."""
        return table[codes]

    def dropout(self, x: Array) -> Array:
        """Return `x`."""
        return x


def leaves(net: object) -> Iterator[Array]:
    """Yield the arrays of a net, field by field."""
    if isinstance(net, tuple):
        for part in net:
            yield from leaves(part)
    elif is_dataclass(net):
        for field in fields(net):
            yield from leaves(getattr(net, field.name))
    elif hasattr(net, "ndim"):
        yield net


def parts(net: object, kind: type[Net]) -> Iterator[Net]:
    """Yield the parts of a net that are of `kind`."""
    if isinstance(net, kind):
        yield net
    elif isinstance(net, tuple):
        for part in net:
            yield from parts(part, kind)
    elif is_dataclass(net):
        for field in fields(net):
            yield from parts(getattr(net, field.name), kind)


def mapped(net: Net, change: Callable[[Array], Array]) -> Net:
    """Return the net with each of its arrays changed."""
    if isinstance(net, tuple):
        return type(net)(mapped(part, change) for part in net)
    if is_dataclass(net) and not isinstance(net, type):
        return replace(net, **{field.name: mapped(getattr(net, field.name), change) for field in fields(net)})
    # Sizes and degrees are no arrays, and stay.
    changed: Net = change(net) if hasattr(net, "ndim") else net
    return changed
