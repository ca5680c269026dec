"""Tables that learn from one step at a time (Sutton and Barto, 2018, chapter 6): all but the rule itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from equipoise.models.reinforcement.process import discounted
from equipoise.models.reinforcement.q_table import QTable, Steps, checked


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporalDifference:
    """The rate is `learning_rate` / visits(s,a) ** `fading`; with a fading in (1/2, 1] tables converge to
    the exact one (Even-Dar and Mansour, 2003), with 0 they never stop moving. With a `trace_decay` above
    0 each step also teaches the steps before it.
    """

    rule: ClassVar[Callable[..., None]]
    """Writes to values, visits and traces what the arrays of `Steps` teach, by the settings in order."""

    learning_rate: float = 1.0
    fading: float = 0.8
    discount: float = 0.9
    trace_decay: float = 0.0

    def __post_init__(self) -> None:
        discounted(self.discount)
        checked(self.learning_rate, self.fading, self.trace_decay)

    def learn(self, table: QTable, steps: Steps) -> QTable:
        """Return the table after `steps`, taken in order; `table` stays as it is."""
        learnt = table.copied(len(steps), traced=self.trace_decay > 0.0)
        type(self).rule(
            learnt.values,
            learnt.visits,
            learnt.traces,
            steps.states,
            steps.actions,
            steps.rewards,
            steps.following,
            steps.next_actions,
            steps.done,
            self.learning_rate,
            self.fading,
            self.discount,
            self.trace_decay,
        )
        return learnt
