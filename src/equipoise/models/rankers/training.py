"""The training loop of a net of arrays: tensors in the place of its arrays, the best epoch's net back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, dropout, embedding

from equipoise.errors import EquipoiseError
from equipoise.models.rankers.algebra import Algebra, Array, leaves, mapped, parts
from equipoise.models.rankers.inputs import Batch
from equipoise.models.rankers.layers import Table
from equipoise.progress import report
from equipoise.types import Floats, Ints

Net = TypeVar("Net")
Formula = Callable[[Net, Algebra, Batch], Array]


class DivergedError(EquipoiseError):
    """The loss is no number any more."""


@dataclass(frozen=True, slots=True)
class OnTensors:
    """PyTorch, with dropout at `rate`."""

    rate: float

    def sigmoid(self, x: Tensor) -> Tensor:
        """Return 1 / (1 + exp(-x))."""
        return x.sigmoid()

    def tanh(self, x: Tensor) -> Tensor:
        """Return the hyperbolic tangent of `x`."""
        return x.tanh()

    def relu(self, x: Tensor) -> Tensor:
        """Return what is above 0 of `x`."""
        return x.relu()

    def softmax(self, x: Tensor) -> Tensor:
        """Return shares along the last axis."""
        return x.softmax(-1)

    def concat(self, parts: Sequence[Tensor]) -> Tensor:
        """Return `parts` side by side along the last axis."""
        return torch.cat(list(parts), -1)

    def stack(self, parts: Sequence[Tensor]) -> Tensor:
        """Return `parts` (n, d) as (n, parts, d)."""
        return torch.stack(list(parts), 1)

    def lookup(self, table: Tensor, codes: Tensor) -> Tensor:
        """Return the rows of `table` (m, d) at `codes`."""
        return embedding(codes, table)

    def dropout(self, x: Tensor) -> Tensor:
        """Return `x` with a share `rate` of it at 0, and the rest grown to keep the mean."""
        return dropout(x, self.rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Rows as a net sees them, and what came of them, (n, targets)."""

    batch: Batch
    targets: Floats

    def __len__(self) -> int:
        return len(self.targets)

    def at(self, rows: Ints | slice) -> tuple[Batch, Tensor]:
        """Return the examples at `rows`, as tensors."""
        batch = mapped(self.batch, lambda array: torch.from_numpy(np.ascontiguousarray(array[rows])))
        return batch, torch.from_numpy(np.ascontiguousarray(self.targets[rows]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainer:
    """Adam (Kingma & Ba, 2015) on the mean binary cross-entropy of all targets.

    `reg` shrinks the tables of categories by decoupled decay (Loshchilov & Hutter, 2019).
    """

    name: str
    epochs: int
    batch_size: int
    learning_rate: float
    reg: float
    dropout: float
    patience: int

    def best(
        self, net: Net, formula: Formula[Net], train: Examples, judged: Examples, rng: np.random.Generator
    ) -> tuple[Net, int]:
        """Return the net of the epoch of least loss on `judged`, and which epoch that was (1-based)."""
        found, least, at = net, np.inf, 0
        run = self._run(net, formula, train, rng)
        for epoch, now in enumerate(run, start=1):
            loss = self._judge(now, formula, judged)
            report(self.name, epoch, self.epochs, f"loss {loss:.4f}")
            if loss < least:
                found, least, at = _arrays(now), loss, epoch
            if epoch - at >= self.patience:
                break
        return found, at

    def whole(
        self, net: Net, formula: Formula[Net], train: Examples, epochs: int, rng: np.random.Generator
    ) -> Net:
        """Return the net after `epochs` passes over all of `train`."""
        found = net
        for epoch, now in enumerate(self._run(net, formula, train, rng), start=1):
            report(self.name, epoch, epochs, "on everything")
            if epoch == epochs:
                found = _arrays(now)
                break
        return found

    def _run(
        self, net: Net, formula: Formula[Net], train: Examples, rng: np.random.Generator
    ) -> Iterator[Net]:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(rng.integers(2**62)))
            state = torch.random.get_rng_state()
        now = mapped(net, lambda array: torch.from_numpy(array.copy()).requires_grad_())
        optimiser = self._optimiser(now)
        for epoch in range(1, self.epochs + 1):
            # The stream of dropout is ours while an epoch runs, and PyTorch's own afterwards.
            with torch.random.fork_rng(devices=[]):
                torch.random.set_rng_state(state)
                self._epoch(now, formula, train, optimiser, rng, epoch)
                state = torch.random.get_rng_state()
            yield now

    def _epoch(
        self,
        net: Net,
        formula: Formula[Net],
        train: Examples,
        optimiser: torch.optim.Optimizer,
        rng: np.random.Generator,
        epoch: int,
    ) -> None:
        order, on = rng.permutation(len(train)), OnTensors(self.dropout)
        for step, begun in enumerate(range(0, len(order), self.batch_size)):
            batch, targets = train.at(order[begun : begun + self.batch_size])
            loss = binary_cross_entropy_with_logits(formula(net, on, batch), targets)
            if not torch.isfinite(loss):
                raise DivergedError(
                    f"{self.name}: the loss is no number at step {step} of epoch {epoch}; lower learning_rate"
                )
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()

    def _optimiser(self, net: object) -> torch.optim.Optimizer:
        held = [table for part in parts(net, Table) for table in leaves(part)]
        free = [one for one in leaves(net) if not any(one is table for table in held)]
        groups = [{"params": held, "weight_decay": self.reg}, {"params": free, "weight_decay": 0.0}]
        return torch.optim.AdamW(groups, lr=self.learning_rate)

    def _judge(self, net: Net, formula: Formula[Net], judged: Examples) -> float:
        total = 0.0
        with torch.no_grad():
            for begun in range(0, len(judged), _ROWS):
                batch, targets = judged.at(slice(begun, begun + _ROWS))
                logits = formula(net, OnTensors(0.0), batch)
                total += float(binary_cross_entropy_with_logits(logits, targets, reduction="sum"))
        return total / max(judged.targets.size, 1)


_ROWS = 8192


def _arrays(net: Net) -> Net:
    return mapped(
        net, lambda tensor: tensor.detach().numpy().copy() if isinstance(tensor, Tensor) else tensor
    )
