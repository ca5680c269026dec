"""Nets that learn, in PyTorch."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from equipoise.models.neural.backends.on_numpy import EPSILON
from equipoise.types import Bools, Ints


@dataclass(frozen=True, slots=True)
class OnTorch:
    """Zeroes a share `dropout` of the numbers that are dropped. For the methods see `Backend`."""

    dropout: float

    def drop(self, x: Tensor) -> Tensor:  # noqa: D102
        return functional.dropout(x, self.dropout, training=True)

    def softmax(self, x: Tensor) -> Tensor:  # noqa: D102
        return x.softmax(dim=-1)

    def normed(self, x: Tensor, gain: Tensor, shift: Tensor) -> Tensor:  # noqa: D102
        return functional.layer_norm(x, gain.shape, gain, shift, EPSILON)

    def relu(self, x: Tensor) -> Tensor:  # noqa: D102
        return functional.relu(x)

    def sigmoid(self, x: Tensor) -> Tensor:  # noqa: D102
        return x.sigmoid()

    def only(self, x: Tensor, allowed: Bools) -> Tensor:  # noqa: D102
        return x.masked_fill(torch.as_tensor(~allowed), -torch.inf)

    def taken(self, table: Tensor, places: Ints) -> Tensor:  # noqa: D102
        return table[torch.as_tensor(places)]

    def shifted(self, x: Tensor, steps: int) -> Tensor:  # noqa: D102
        return functional.pad(x, (0, 0, steps, 0))[:, : x.shape[1]]

    def stacked(self, parts: list[Tensor]) -> Tensor:  # noqa: D102
        return torch.stack(parts, dim=-1)

    def joined(self, parts: list[Tensor]) -> Tensor:  # noqa: D102
        return torch.cat(parts, dim=-1)

    def highest(self, x: Tensor) -> Tensor:  # noqa: D102
        return x.amax(dim=-1)

    def gru(  # noqa: D102
        self, x: Tensor, into: Tensor, back: Tensor, into_bias: Tensor, back_bias: Tensor
    ) -> Tensor:
        start = x.new_zeros(1, len(x), back.shape[1])
        weights = [into, back, into_bias, back_bias]
        states: Tensor = torch.gru(x, start, weights, True, 1, 0.0, True, False, True)[0]
        return states

    def lstm(  # noqa: D102
        self, x: Tensor, into: Tensor, back: Tensor, into_bias: Tensor, back_bias: Tensor
    ) -> Tensor:
        start = [x.new_zeros(1, len(x), back.shape[1])] * 2
        weights = [into, back, into_bias, back_bias]
        states: Tensor = torch.lstm(x, start, weights, True, 1, 0.0, True, False, True)[0]
        return states
