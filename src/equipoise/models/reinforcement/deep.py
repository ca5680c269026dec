"""What the deep value learners have in common: their settings, and one step of gradient descent."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from equipoise.errors import BadInputError
from equipoise.models.reinforcement.guard import finite
from equipoise.models.reinforcement.process import discounted


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepSettings:
    """Adam at `learning_rate` on batches of `batch_size`, networks of rectified layers of `sizes`.

    Targets follow by `tracking` an update. The last `capacity` steps are remembered, and drawn by how much
    they surprise to the power of `priority`: 0 draws all alike, as what a log holds must be, or large
    rewards are taken for usual ones.
    """

    discount: float = 0.95
    learning_rate: float = 1e-3
    batch_size: int = 256
    sizes: tuple[int, ...] = (64, 64)
    tracking: float = 0.01
    capacity: int = 50_000
    priority: float = 0.6

    def __post_init__(self) -> None:
        discounted(self.discount)
        if not (self.learning_rate > 0.0 and self.batch_size >= 1 and 0.0 < self.tracking <= 1.0):
            raise BadInputError("learning_rate", "must be above 0, batch_size too, and tracking in (0, 1]")
        if not self.priority >= 0.0:
            raise BadInputError("priority", f"must not be negative, but is {self.priority}")


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
