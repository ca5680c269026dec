"""The training loop of a sequence model: batches in, the best epoch's weights out."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor

from equipoise.errors import BadInputError
from equipoise.models.neural.checkpoints import Checkpoint, Keeper
from equipoise.models.neural.device import at_work, device, mixed
from equipoise.models.neural.objective import Objective
from equipoise.models.neural.stretches import Batch, Sampler
from equipoise.models.neural.team import Team, team
from equipoise.models.neural.tree import leaves, mapped
from equipoise.models.neural.weights import Weights
from equipoise.progress import report

Judge = Callable[[Weights], float]
_WARM_UP = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainer:
    """AdamW; stops `patience` epochs after the best.

    The rate rises over the first steps; with `anneal` it then falls to nothing over `epochs`. What is judged
    and returned is the mean of the weights over about 1 / (1 - `averaging`) steps (Polyak & Juditsky, 1992).
    """

    name: str
    epochs: int
    learning_rate: float
    weight_decay: float
    averaging: float
    anneal: bool
    patience: int

    def train(
        self,
        start: Weights,
        objective: Objective,
        sampler: Sampler,
        judge: Judge,
        keeper: Keeper,
        rng: np.random.Generator,
    ) -> Weights:
        """Return the weights of the epoch that `judge` found best.

        Raises `BadInputError` where the loss is not a number, or `keeper` has the checkpoint
        of another training. Of several processes all return the same.
        """
        run = _Run.start(self, start, sampler.steps(), team())
        kept = keeper.newest()
        if kept is not None:
            run.restore(kept, rng)
        run.ready()
        while run.epoch < self.epochs and run.since < self.patience:
            begun = perf_counter()
            loss, n = self._epoch(run, objective, sampler, keeper, rng)
            run.judged(judge)
            speed = n / (perf_counter() - begun)
            note = f"loss {loss:.3f}, ndcg@10 {run.last:.4f}, {speed:,.0f} targets/s"
            report(self.name, run.epoch, self.epochs, note)
            if keeper.folder is not None and run.team.leads:
                keeper.keep(run.checkpoint(keeper, rng))
        return run.best

    def rate(self, step: int, steps: int) -> float:
        """Return the learning rate of the `step`-th step, from 1, of about `steps`."""
        warm = min(_WARM_UP, max(1, steps // 10))
        if step <= warm:
            return self.learning_rate * step / warm
        left = max(0.0, 1 - (step - warm) / max(steps - warm, 1))
        return self.learning_rate * (0.5 - 0.5 * math.cos(math.pi * left) if self.anneal else 1.0)

    def _epoch(
        self, run: "_Run", objective: Objective, sampler: Sampler, keeper: Keeper, rng: np.random.Generator
    ) -> tuple[float, int]:
        """Pass once over the data; return the mean loss and the number of targets."""
        losses, n = [], 0
        for batch in sampler.epoch(rng):
            losses.append(run.learn(objective, batch, rng))
            n += len(batch.targets)
            if not math.isfinite(losses[-1]):
                raise self._lost(f"the loss is {losses[-1]}", run, keeper)
        # A finite loss may have a gradient that is none; no later step would show it before it is kept.
        if not run.finite():
            raise self._lost("a weight is not a number", run, keeper)
        run.epoch += 1
        return (float(np.mean(losses)) if losses else 0.0), n

    def _lost(self, what: str, run: "_Run", keeper: Keeper) -> BadInputError:
        where = f"at step {run.step}, epoch {run.epoch + 1}"
        return BadInputError("learning_rate", f"{self.name}: {what} {where}; lower it{keeper.told()}")


@dataclass(slots=True)
class _Run:
    """One training as it stands."""

    trainer: Trainer
    steps: int
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
    def start(cls, trainer: Trainer, weights: Weights, steps: int, who: Team) -> "_Run":
        learnt = mapped(weights, lambda array: torch.tensor(array, requires_grad=True))
        optimiser = torch.optim.AdamW(
            leaves(learnt),
            lr=trainer.learning_rate,
            weight_decay=trainer.weight_decay,
            betas=(0.9, 0.98),
            fused=True,
        )
        average = mapped(weights, lambda array: torch.tensor(array))
        return cls(trainer, trainer.epochs * steps, who, learnt, average, weights, optimiser)

    def ready(self) -> None:
        """See that all processes stand at the same epoch, and let each draw its own dropout."""
        if self.team.told(self.epoch) != self.epoch:
            raise BadInputError("checkpoint", "the processes found different ones; give all the same folder")
        self.team.stream()

    def learn(self, objective: Objective, batch: Batch, rng: np.random.Generator) -> float:
        """Take one step; return the loss before it."""
        self.step += 1
        for group in self.optimiser.param_groups:
            group["lr"] = self.trainer.rate(self.step, self.steps)
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
            kept = min(self.trainer.averaging, self.step / (self.step + 50))
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


@contextmanager
def seeded(rng: np.random.Generator) -> Iterator[None]:
    """Train inside on the GPU if there is one, with dropout from `rng`; PyTorch's own stream is left."""
    where = device()
    with torch.random.fork_rng([] if where.type == "cpu" else [where]), at_work(where):
        torch.manual_seed(int(rng.integers(2**62)))
        yield
