"""One training as it stands: its weights, their average, and the best so far; steps and checkpoints of it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor

from equipoise.errors import BadInputError
from equipoise.models.neural.batch import Batch
from equipoise.models.neural.checkpoints import Checkpoint, Keeper
from equipoise.models.neural.device import mixed
from equipoise.models.neural.objective import Objective
from equipoise.models.neural.team import Team
from equipoise.models.neural.tree import leaves, mapped
from equipoise.models.neural.weights import Weights

Judge = Callable[[Weights], float]


@dataclass(slots=True)
class Run:
    """One training as it stands."""

    rate: Callable[[int], float]
    averaging: float
    team: Team
    weights: Weights
    average: Weights
    best: Weights
    optimiser: torch.optim.AdamW
    epoch: int = 0
    step: int = 0
    since: int = 0
    figure: float = -math.inf
    last: float = 0.0

    @classmethod
    def start(
        cls,
        weights: Weights,
        *,
        rate: Callable[[int], float],
        averaging: float,
        weight_decay: float,
        who: Team,
    ) -> Self:
        """Return the training before its first step; the s-th will go as far as `rate(s)` says."""
        learnt = mapped(weights, lambda array: torch.tensor(array, requires_grad=True))
        optimiser = torch.optim.AdamW(
            leaves(learnt),
            weight_decay=weight_decay,
            betas=(0.9, 0.98),
            fused=True,
        )
        average = mapped(weights, lambda array: torch.tensor(array))
        return cls(rate, averaging, who, learnt, average, weights, optimiser)

    def ready(self) -> None:
        """See that all processes stand at the same epoch, and let each draw its own dropout."""
        if self.team.told(self.epoch) != self.epoch:
            raise BadInputError("checkpoint", "the processes found different ones; give all the same folder")
        self.team.stream()

    def learn(self, objective: Objective, batch: Batch, rng: np.random.Generator) -> float:
        """Take one step; return the loss before it."""
        self.step += 1
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate(self.step)
        mine = self.team.part(batch)
        share = float(mine.weights.sum() / batch.weights.sum())
        with mixed(self.weights.items.device):
            loss = objective(self.weights, mine, rng) * share
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        gradients = [leaf.grad for leaf in leaves(self.weights) if leaf.grad is not None]
        found = self.team.summed(gradients, float(loss.detach()), share)
        if math.isfinite(found):
            self.optimiser.step()
            # The mean of few steps is that of all of them, not of the random start.
            kept = min(self.averaging, self.step / (self.step + 50))
            with torch.no_grad():
                torch._foreach_lerp_(leaves(self.average), leaves(self.weights), 1 - kept)
        return found

    def finite(self) -> bool:
        """Return whether every weight is a number."""
        return all(bool(leaf.isfinite().all()) for leaf in leaves(self.weights))

    def judged(self, judge: Judge) -> None:
        """Ask how good the average is, and keep it where it is best."""
        now = _arrays(self.average)
        self.last = self.team.told(judge(now) if self.team.leads else 0.0)
        self.since += 1
        if self.last >= self.figure:
            self.best, self.figure, self.since = now, self.last, 0

    def checkpoint(self, keeper: Keeper, rng: np.random.Generator) -> Checkpoint:
        """Return all that it takes to go on from here."""
        return Checkpoint(
            origin=keeper.origin,
            epoch=self.epoch,
            step=self.step,
            since=self.since,
            figure=self.figure,
            weights=_arrays(self.weights),
            average=_arrays(self.average),
            best=self.best,
            first_moments=mapped(self.weights, lambda leaf: self._moment(leaf, "exp_avg")),
            second_moments=mapped(self.weights, lambda leaf: self._moment(leaf, "exp_avg_sq")),
            numpy_state=dict(rng.bit_generator.state),
            torch_state=torch.get_rng_state().numpy(),
        )

    def restore(self, kept: Checkpoint, rng: np.random.Generator) -> None:
        """Go back to `kept`."""
        self.epoch, self.step, self.since = kept.epoch, kept.step, kept.since
        self.figure, self.best = kept.figure, kept.best
        for mine, theirs in ((self.weights, kept.weights), (self.average, kept.average)):
            for leaf, array in zip(leaves(mine), leaves(theirs), strict=True):
                leaf.data.copy_(torch.as_tensor(array))
        moments = zip(leaves(kept.first_moments), leaves(kept.second_moments), strict=True)
        for leaf, (first, second) in zip(leaves(self.weights), moments, strict=True):
            self.optimiser.state[leaf] = {
                "step": torch.tensor(float(kept.step)),
                "exp_avg": torch.as_tensor(first.copy()),
                "exp_avg_sq": torch.as_tensor(second.copy()),
            }
        rng.bit_generator.state = kept.numpy_state
        torch.set_rng_state(torch.from_numpy(kept.torch_state.copy()))

    def _moment(self, leaf: Tensor, name: str) -> Any:
        return self.optimiser.state.get(leaf, {}).get(name, torch.zeros_like(leaf)).cpu().numpy()


def _arrays(weights: Weights) -> Weights:
    return mapped(weights, lambda leaf: leaf.detach().cpu().numpy().copy())
