"""What the deep value learners have in common: their settings, and one step of gradient descent."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from equipoise.data.experience import Experience
from equipoise.errors import BadInputError
from equipoise.models.reinforcement.guard import finite
from equipoise.models.reinforcement.process import discounted
from equipoise.models.reinforcement.values import CandidateValues


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepSettings:
    """Adam at `learning_rate` on batches of `batch_size`, networks of rectified layers of `sizes`.

    Targets follow by `tracking` an update. The last `capacity` steps are remembered.
    """

    discount: float = 0.95
    learning_rate: float = 1e-3
    batch_size: int = 256
    sizes: tuple[int, ...] = (64, 64)
    tracking: float = 0.01
    capacity: int = 50_000

    def __post_init__(self) -> None:
        discounted(self.discount)
        if not (self.learning_rate > 0.0 and self.batch_size >= 1 and 0.0 < self.tracking <= 1.0):
            raise BadInputError("learning_rate", "must be above 0, batch_size too, and tracking in (0, 1]")


class Pupil(Protocol):
    """A value learner at work: it remembers and learns, and can be asked at any time what it has learnt."""

    def see(self, steps: Experience) -> None:
        """Remember `steps`, in order."""
        ...

    def learn(self, rng: np.random.Generator) -> float:
        """Make one update from what is remembered, and return its loss."""
        ...

    def values(self) -> CandidateValues:
        """Return what is known now: arrays that do not change any more, fit to be saved."""
        ...


class ValueLearner(Protocol):
    """The settings of a value learner."""

    def start(self, example: Experience, *, n_own: int, rng: np.random.Generator) -> Pupil:
        """Return one who knows nothing yet, of steps like `example`.

        The first `n_own` features are the candidate's own, the others those of the request.
        """
        ...


class Descent:
    """Adam on some networks, with gradients clipped, that stops where a loss is no number."""

    def __init__(self, what: str, rate: float, *nets: nn.Module) -> None:
        self.what, self.updates = what, 0
        self.parameters = [each for net in nets for each in net.parameters()]
        self.adam = torch.optim.Adam(self.parameters, lr=rate)

    def step(self, loss: Tensor) -> float:
        """Go one step down, and return the loss."""
        told = finite(float(loss.detach()), self.what, self.updates)
        self.adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.parameters, 10.0)
        self.adam.step()
        self.updates += 1
        return told
