"""The table of Q: what each action is worth in each state, and how often it was tried."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """One step of each of n shoppers, every array (n,).

    In `states` they were shown `actions`, earned `rewards` and came to `following`, where `next_actions`
    are shown; `done` is 1 where the episode ended. Row i is always the same shopper's, or, once done, the
    one's who came in that place.
    """

    states: Ints
    actions: Ints
    rewards: Floats
    following: Ints
    next_actions: Ints
    done: Ints

    def __len__(self) -> int:
        return len(self.states)


@dataclass(frozen=True, slots=True, kw_only=True)
class QTable:
    """`values` (s, a), and `visits` (s, a) that they rest on; `traces` (n, s, a) of n shoppers, or none."""

    values: Floats
    visits: Ints
    traces: Floats

    @classmethod
    def blank(cls, n_states: int, n_actions: int, *, value: float = 0.0) -> "QTable":
        """Return the table before any step: `value` everywhere, high to make learners curious."""
        if min(n_states, n_actions) < 1:
            raise BadInputError("q_table", "needs at least one state and one action")
        return cls(
            values=np.full((n_states, n_actions), value),
            visits=np.zeros((n_states, n_actions), np.int64),
            traces=np.zeros((0, n_states, n_actions)),
        )

    def greedy(self) -> Ints:
        """Return the action worth most in each state, (s,)."""
        return np.asarray(self.values.argmax(axis=1))

    def copied(self, shoppers: int, *, traced: bool) -> "QTable":
        """Return a table that may be written to, with traces for `shoppers` if they are `traced`."""
        wanted = (shoppers if traced else 0, *self.values.shape)
        traces = self.traces.copy() if self.traces.shape == wanted else np.zeros(wanted)
        return replace(self, values=self.values.copy(), visits=self.visits.copy(), traces=traces)


class TableLearner(Protocol):
    """A rule by which a table learns."""

    def learn(self, table: QTable, steps: Steps) -> QTable:
        """Return the table after `steps`, taken in order; `table` stays as it is."""
        ...


def checked(learning_rate: float, fading: float, trace_decay: float) -> None:
    """Refuse settings with which no table converges."""
    if not 0.0 < learning_rate <= 1.0:
        raise BadInputError("learning_rate", f"must lie in (0, 1], not {learning_rate}")
    if not 0.0 <= fading <= 1.0:
        raise BadInputError("fading", f"must lie in [0, 1], not {fading}")
    if not 0.0 <= trace_decay <= 1.0:
        raise BadInputError("trace_decay", f"must lie in [0, 1], not {trace_decay}")
