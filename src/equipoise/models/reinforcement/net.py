"""The networks of the deep value learners in PyTorch: candidate features to one number each."""

from copy import deepcopy
from itertools import pairwise
from typing import Self

import numpy as np
import torch
from torch import Tensor, nn

from equipoise.models.neural.device import seeded
from equipoise.models.reinforcement.values import Network
from equipoise.types import Floats


class CandidateNet(nn.Module):
    """Rectified layers of `sizes`, over features standardised by the first batch that it met."""

    def __init__(self, mean: Floats, scale: Floats, sizes: tuple[int, ...]) -> None:
        super().__init__()
        self.mean, self.scale = _tensor(mean), _tensor(scale)
        widths = (len(mean), *sizes, 1)
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(widths))

    @classmethod
    def fitting(cls, features: Floats, sizes: tuple[int, ...], rng: np.random.Generator) -> Self:
        """Return a network for features like these (n, m, d), its weights drawn from `rng`."""
        flat = features.reshape(-1, features.shape[-1])
        with seeded(rng):
            return cls(flat.mean(axis=0), np.maximum(flat.std(axis=0), 0.1), sizes)

    def forward(self, features: Tensor) -> Tensor:
        """Return one number for each candidate of `features` (..., d), (...)."""
        x = (features - self.mean) / self.scale
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        found: Tensor = self.layers[-1](x)
        return found.squeeze(-1)

    def twin(self) -> Self:
        """Return a copy that does not learn."""
        return deepcopy(self).requires_grad_(False)

    def follow(self, other: nn.Module, share: float) -> None:
        """Go `share` of the way to `other`."""
        with torch.no_grad():
            for mine, theirs in zip(self.parameters(), other.parameters(), strict=True):
                mine.lerp_(theirs, share)

    def exported(self) -> Network:
        """Return the network as arrays."""
        linear = [layer for layer in self.layers if isinstance(layer, nn.Linear)]
        return Network(
            mean=self.mean.numpy().copy(),
            scale=self.scale.numpy().copy(),
            weights=tuple(layer.weight.detach().numpy().T.copy() for layer in linear),
            biases=tuple(layer.bias.detach().numpy().copy() for layer in linear),
        )


def tensor(values: Floats) -> Tensor:
    """Return `values` as float32."""
    return _tensor(values)


def at(values: Tensor, places: Tensor) -> Tensor:
    """Return the entries of `values` (n, m) at `places` (n, k); 0 where the place is -1."""
    return torch.where(places >= 0, values.gather(1, places.clamp(min=0)), 0.0)


def _tensor(values: Floats) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, np.float32))
