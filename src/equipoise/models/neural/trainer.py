"""The training loop of a sequence model: batches in, the best epoch's network out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from torch.optim.lr_scheduler import OneCycleLR

from equipoise.data.histories import PADDING
from equipoise.models.neural.layers import causal
from equipoise.models.neural.loss import softmax_loss
from equipoise.models.neural.net import AttentionNet
from equipoise.models.neural.sampler import Batch, Sampler
from equipoise.progress import report


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainer:
    """AdamW on one cycle of the learning rate over `epochs`; stops `patience` epochs after the best."""

    epochs: int
    learning_rate: float
    patience: int

    def train(
        self,
        net: AttentionNet,
        sampler: Sampler,
        judge: Callable[[AttentionNet], float],
        rng: np.random.Generator,
    ) -> AttentionNet:
        """Return the network of the epoch that `judge` found best; `net` itself is trained further."""
        steps = self.epochs * (sampler.steps() + 1)
        optimiser = torch.optim.AdamW(net.parameters(), lr=self.learning_rate)
        schedule = OneCycleLR(optimiser, self.learning_rate, total_steps=steps, pct_start=0.1)
        best, found, since = net, -np.inf, 0
        for epoch in range(1, self.epochs + 1):
            loss = self._epoch(net, sampler, optimiser, schedule, rng)
            figure = judge(net)
            report("sasrec", epoch, self.epochs, f"loss {loss:.3f}, ndcg@10 {figure:.4f}")
            since += 1
            if figure >= found:
                best, found, since = deepcopy(net), figure, 0
            if since >= self.patience:
                break
        return best.eval()

    def _epoch(
        self,
        net: AttentionNet,
        sampler: Sampler,
        optimiser: torch.optim.Optimizer,
        schedule: OneCycleLR,
        rng: np.random.Generator,
    ) -> float:
        net.train()
        losses = []
        for batch in sampler.epoch(rng):
            loss = _loss(net, batch)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        return float(np.mean(losses)) if losses else 0.0


def _loss(net: AttentionNet, batch: Batch) -> torch.Tensor:
    allowed = torch.from_numpy(causal(batch.inputs != PADDING))
    vectors = net(torch.from_numpy(batch.inputs), allowed)
    chosen = vectors[torch.from_numpy(batch.rows), torch.from_numpy(batch.places)]
    weights = torch.from_numpy(batch.weights.astype(np.float32))
    return softmax_loss(net.logits(chosen), torch.from_numpy(batch.targets), weights)


@contextmanager
def seeded(rng: np.random.Generator) -> Iterator[None]:
    """Draw dropout and initial weights inside from `rng`, and leave PyTorch's own stream as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(rng.integers(2**62)))
        yield
