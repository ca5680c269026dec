"""Processes that train one model together, as `torchrun` starts them, or one process alone.

All draw the same batches from the same stream of randomness; each learns from its share of the rows, and the
gradients are added up. As the loss of a batch is a weighted sum over its examples, and negatives are drawn
from the whole batch, together they take the steps that one process takes, but for dropout, which each draws
for itself, and the order in which numbers are added.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch
import torch.distributed as processes
from torch import Tensor

from equipoise.errors import EquipoiseError
from equipoise.models.neural.batch import Batch
from equipoise.models.neural.negatives import Drawn
from equipoise.types import Bools, Ints


class Team(Protocol):
    """Who trains."""

    @property
    def leads(self) -> bool:
        """Whether this process is the one that judges, and keeps what has to be kept."""
        ...

    def part(self, batch: Batch) -> Batch:
        """Return this process's share of `batch`."""
        ...

    def summed(self, gradients: list[Tensor], loss: float, share: float) -> float:
        """Add up `gradients` in place; return the sum of the losses. The shares must sum to 1."""
        ...

    def told(self, figure: float) -> float:
        """Return what the leader has for `figure`."""
        ...

    def stream(self) -> None:
        """Let each process draw its own dropout from here on."""
        ...


@dataclass(frozen=True, slots=True)
class Alone:
    """One process: nothing to share."""

    leads: bool = True

    def part(self, batch: Batch) -> Batch:
        """Return `batch`."""
        return batch

    def summed(self, gradients: list[Tensor], loss: float, share: float) -> float:
        """Return `loss`."""
        return loss

    def told(self, figure: float) -> float:
        """Return `figure`."""
        return figure

    def stream(self) -> None:
        """Leave the stream as it is."""


class OutOfStepError(EquipoiseError):
    """The processes of a training no longer draw the same batches."""


@dataclass(frozen=True, slots=True)
class Together:
    """Process number `rank` of `size`."""

    rank: int
    size: int

    @property
    def leads(self) -> bool:
        """Whether this is the first process."""
        return self.rank == 0

    def part(self, batch: Batch) -> Batch:
        """Return every `size`-th row; of a batch of fewer rows, every `size`-th example."""
        if len(batch.lengths) < self.size:
            mine = np.arange(len(batch.asked)) % self.size == self.rank
            return _Part.of(batch, np.arange(len(batch.lengths)), mine, batch.asked)
        width = batch.inputs.shape[1]
        rows, places = np.divmod(batch.asked, width)
        kept = np.arange(self.rank, len(batch.lengths), self.size)
        mine = rows % self.size == self.rank
        return _Part.of(batch, kept, mine, rows // self.size * width + places)

    def summed(self, gradients: list[Tensor], loss: float, share: float) -> float:
        """Add up `gradients` in place over all processes; return the sum of their losses."""
        told = torch.tensor([loss, share], dtype=torch.float32)
        flat = torch.cat([*(each.reshape(-1) for each in gradients), told])
        processes.all_reduce(flat)
        *summed, told = torch.split(flat, [*(each.numel() for each in gradients), 2])
        for each, total in zip(gradients, summed, strict=True):
            each.copy_(total.view_as(each))
        whole, shares = told.tolist()
        if not abs(shares - 1) < 1e-3:
            raise OutOfStepError(
                "the processes do not draw the same batches; give all the same data, settings, seed, and one "
                "folder of checkpoints that all of them see"
            )
        return float(whole)

    def told(self, figure: float) -> float:
        """Return what the first process has for `figure`."""
        sent = torch.tensor([figure], dtype=torch.float64)
        processes.broadcast(sent, src=0)
        return float(sent)

    def stream(self) -> None:
        """Seed all but the first process anew, from where they all are."""
        if self.rank:
            torch.manual_seed(int(torch.randint(2**62, (), device="cpu")) + self.rank)


def team() -> Alone | Together:
    """Return who trains: the processes of the default group of `torch.distributed`, where there is one."""
    if processes.is_available() and processes.is_initialized():
        return Together(processes.get_rank(), processes.get_world_size())
    return Alone()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part(Batch):
    """A share of `whole`, the `kept` (p,) of its examples; its targets are all fit for negatives."""

    whole: Batch
    kept: Bools

    @property
    def pool(self) -> Ints:
        """The targets of the whole batch."""
        return self.whole.targets

    def mine(self, drawn: Drawn) -> Drawn:
        """Return what all share, or the rows of the examples that are kept."""
        return drawn if drawn.items.ndim == 1 else replace(drawn, items=drawn.items[self.kept])

    @classmethod
    def of(cls, batch: Batch, rows: Ints, mine: Bools, asked: Ints) -> "_Part":
        return cls(
            inputs=batch.inputs[rows],
            codes=batch.codes.at(rows),
            lengths=batch.lengths[rows],
            asked=asked[mine],
            targets=batch.targets[mine],
            weights=batch.weights[mine],
            whole=batch,
            kept=mine,
        )
