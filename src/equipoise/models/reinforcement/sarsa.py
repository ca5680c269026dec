"""SARSA (Rummery and Niranjan, 1994; Sutton and Barto, 2018, 6.4), SARSA(lambda) where traces are kept."""

from dataclasses import dataclass

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
        s, a, r, after, then = states[row], actions[row], rewards[row], following[row], next_actions[row]
        visits[s, a] += 1
        rate = learning_rate / visits[s, a] ** fading
        future = 0.0 if done[row] else q[after, then]
        if trace_decay == 0.0:
            q[s, a] = q[s, a] + rate * (r + discount * future - q[s, a])
            continue
        traces[row, s, a] = 1.0
        q += rate * (r + discount * future - q[s, a]) * traces[row]
        traces[row] *= 0.0 if done[row] else discount * trace_decay


@dataclass(frozen=True, slots=True, kw_only=True)
class Sarsa(TemporalDifference):
    """Q(s,a) <- Q(s,a) + rate (r + discount Q(s',a') - Q(s,a)), a' being what is really shown next.

    It learns what the policy that explores is worth, and comes to the exact table as exploration fades.
    The settings are those of `TemporalDifference`.
    """

    rule = staticmethod(_learn)
