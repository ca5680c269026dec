"""The training loop of a sequence model: batches in, the best epoch's weights out."""

import math
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from equipoise.errors import BadInputError
from equipoise.models.neural.checkpoints import Keeper
from equipoise.models.neural.objective import Objective
from equipoise.models.neural.run import Judge, Run
from equipoise.models.neural.sampler import Sampler
from equipoise.models.neural.team import team
from equipoise.models.neural.weights import Weights
from equipoise.progress import report

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
        steps = self.epochs * sampler.steps()
        run = Run.start(
            start,
            rate=lambda step: self.rate(step, steps),
            averaging=self.averaging,
            weight_decay=self.weight_decay,
            who=team(),
        )
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
        self, run: Run, objective: Objective, sampler: Sampler, keeper: Keeper, rng: np.random.Generator
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

    def _lost(self, what: str, run: Run, keeper: Keeper) -> BadInputError:
        where = f"at step {run.step}, epoch {run.epoch + 1}"
        return BadInputError("learning_rate", f"{self.name}: {what} {where}; lower it{keeper.told()}")
