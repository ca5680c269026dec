"""Steps of a size that adapts to each coordinate (Kingma and Ba, 2015, "Adam")."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from equipoise.types import Floats

MEMORY, SPREAD, TINY = 0.9, 0.99, 1e-8


@dataclass(slots=True, kw_only=True)
class Adam:
    """The moving means of the gradient and of its square; `steps` taken so far."""

    learning_rate: float
    mean: Floats
    square: Floats
    steps: int = 0

    @classmethod
    def start(cls, shape: tuple[int, ...], *, learning_rate: float) -> Self:
        """Return the state before the first step."""
        return cls(
            learning_rate=learning_rate, mean=np.zeros(shape, np.float32), square=np.zeros(shape, np.float32)
        )

    def towards(self, gradient: Floats) -> Floats:
        """Return what to subtract, of the shape of `gradient`."""
        self.steps += 1
        self.mean += (1 - MEMORY) * (gradient - self.mean)
        self.square += (1 - SPREAD) * (gradient * gradient - self.square)
        mean = self.mean / (1 - MEMORY**self.steps)
        deviation = np.sqrt(self.square / (1 - SPREAD**self.steps))
        return np.asarray(self.learning_rate * mean / (deviation + TINY))
