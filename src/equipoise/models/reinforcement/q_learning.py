"""Q-learning (Watkins and Dayan, 1992, "Q-learning"), with Watkins' Q(lambda) where traces are kept."""

from dataclasses import dataclass

import numpy as np

from equipoise.kernels import kernel
from equipoise.models.reinforcement.td import TemporalDifference
from equipoise.types import Floats, Ints


@kernel
def _learn(
    q: Floats,
    visits: Ints,
    traces: Floats,
    states: Ints,
    actions: Ints,
    rewards: Floats,
    following: Ints,
    next_actions: Ints,
    done: Ints,
    learning_rate: float,
    fading: float,
    discount: float,
    trace_decay: float,
) -> None:
    for row in range(len(states)):
        s, a, r, after = states[row], actions[row], rewards[row], following[row]
        visits[s, a] += 1
        rate = learning_rate / visits[s, a] ** fading
        future = 0.0 if done[row] else np.max(q[after])
        if trace_decay == 0.0:
            q[s, a] = q[s, a] + rate * (r + discount * future - q[s, a])
            continue
        greedy = q[after, next_actions[row]] == future
        traces[row, s, a] = 1.0
        q += rate * (r + discount * future - q[s, a]) * traces[row]
        traces[row] *= discount * trace_decay if greedy and not done[row] else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QLearning(TemporalDifference):
    """Q(s,a) <- Q(s,a) + rate (r + discount max Q(s',.) - Q(s,a)).

    Traces reach as far back as all actions after a step were greedy. The settings are those of
    `TemporalDifference`.
    """

    rule = staticmethod(_learn)
