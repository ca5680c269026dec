"""Shoppers who walk through a process, and a table that learns from every step of theirs."""

from dataclasses import dataclass, field

import numpy as np

from equipoise.errors import BadInputError
from equipoise.kernels import kernel
from equipoise.models.reinforcement.process import Process
from equipoise.models.reinforcement.q_table import QTable, Steps, TableLearner
from equipoise.policies.on_scores import Exploration, OnScores
from equipoise.policies.policy import Options
from equipoise.progress import report
from equipoise.types import Floats, Ints


@dataclass(slots=True, kw_only=True)
class Walkers:
    """n shoppers, each in one of `states` (n,) of `process`; who leaves makes room for another."""

    process: Process
    rng: np.random.Generator
    states: Ints
    _cumulative: Floats = field(init=False)
    _start: Floats = field(init=False)

    def __post_init__(self) -> None:
        self._cumulative = np.cumsum(self.process.chances, axis=2)
        self._start = np.cumsum(self.process.start)

    @classmethod
    def arrived(cls, process: Process, n: int, rng: np.random.Generator) -> "Walkers":
        """Return `n` shoppers at the beginning."""
        if n < 1:
            raise BadInputError("shoppers", f"must be at least 1, not {n}")
        return cls(process=process, rng=rng, states=rng.choice(len(process.start), size=n, p=process.start))

    def step(self, actions: Ints) -> tuple[Floats, Ints, Ints]:
        """Show `actions` (n,); return rewards, the states come to and whether they end, (n,) each.

        `states` are then those from which shoppers go on: where one has left, the beginning of another.
        """
        came, chance = np.empty(len(actions), np.int64), self.rng.random((2, len(actions)))
        _walk(self._cumulative, self.states, actions, chance[0], came)
        rewards, done = self.process.rewards[self.states, actions, came], self.process.final[came]
        _begin(self._start, done, chance[1], came_on := came.copy())
        self.states = came_on
        return rewards, came, done


def learn_table(
    process: Process,
    learner: TableLearner,
    exploration: Exploration,
    *,
    steps: int,
    shoppers: int = 64,
    rng: np.random.Generator,
    table: QTable | None = None,
) -> QTable:
    """Return the `table` after `steps` steps, rounded up to whole ones of `shoppers` at once.

    They are shown what `exploration` makes of the table, each by how often its own state was met.
    """
    if steps < 1:
        raise BadInputError("steps", f"must be at least 1, not {steps}")
    walkers = Walkers.arrived(process, shoppers, rng)
    table = QTable.blank(len(process.states), len(process.actions)) if table is None else table
    shown = _shown(table, walkers.states, exploration, rng)
    for done_steps in range(0, steps, shoppers):
        before = walkers.states
        rewards, came, done = walkers.step(shown)
        then = _shown(table, walkers.states, exploration, rng)
        met = Steps(
            states=before, actions=shown, rewards=rewards, following=came, next_actions=then, done=done
        )
        table, shown = learner.learn(table, met), then
        report("rl", min(done_steps + shoppers, steps), steps)
    return table


def _shown(table: QTable, states: Ints, exploration: Exploration, rng: np.random.Generator) -> Ints:
    """Return what the policy shows in `states` (n,), (n,)."""
    n, a = len(states), table.values.shape[1]
    options = Options(
        items=np.broadcast_to(np.arange(a), (n, a)),
        scores=table.values[states],
        features=np.zeros((n, a, 0)),
        context=np.zeros((n, 0)),
    )
    seen = table.visits[states].sum(axis=1, keepdims=True).astype(np.float64)
    scale = max(float(np.abs(table.values).mean()), 1e-9)
    weigh = exploration.exploring(np.full((n, 1), a), seen, scale)
    return OnScores(weigh).decide(options, 1, rng=rng).actions[:, 0]


@kernel
def _walk(cumulative: Floats, states: Ints, actions: Ints, chance: Floats, came: Ints) -> None:
    for row in range(len(states)):
        reached = np.searchsorted(cumulative[states[row], actions[row]], chance[row], side="right")
        came[row] = min(reached, cumulative.shape[2] - 1)


@kernel
def _begin(start: Floats, done: Ints, chance: Floats, states: Ints) -> None:
    for row in range(len(states)):
        if done[row]:
            states[row] = min(np.searchsorted(start, chance[row], side="right"), len(start) - 1)
