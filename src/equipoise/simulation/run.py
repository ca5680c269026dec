"""A policy lives in an environment: it serves, waits, and learns from what its own slates earned."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.policy import NOTHING, LearningPolicy, Options, Policy, Slates
from equipoise.random import derive
from equipoise.simulation.environment import ShopEnvironment, shown
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What n slates came to: `rewards`, `expected` rewards, `best` possible and `explored` share, (n,).

    `items` (n, k) are the codes shown.
    """

    rewards: Floats
    expected: Floats
    best: Floats
    explored: Floats
    items: Ints


def live(
    environment: ShopEnvironment,
    policy: Policy,
    *,
    slates: int,
    batch: int = 20,
    k: int = 10,
    delay: int = 1,
) -> Iterator[Step]:
    """Serve `slates` slates of `k` to `batch` visitors at a time, yielding each batch's outcome.

    After each batch the policy learns which items were shown; what they earned reaches it `delay`
    batches later.
    """
    waiting: deque[LoggedFeedback] = deque()
    while environment.served < slates:
        options = environment.requests(batch)
        rng = derive(environment.seed, "policy", environment.served)
        chosen = environment.chooser(policy, options).decide(options, k, rng=rng)
        expected, best = environment.expected(options, chosen), environment.best(options, k)
        rewards = environment.react(options, chosen)
        waiting.append(feedback(options, chosen, rewards))
        policy = _learn(policy, waiting, delay)
        yield Step(
            rewards=rewards.sum(axis=1),
            expected=expected,
            best=best,
            explored=chosen.explored.mean(axis=1),
            items=shown(options, chosen),
        )


def feedback(options: Options, slates: Slates, rewards: Floats) -> LoggedFeedback:
    """Return one row for each filled position of the slates, rewarded with `rewards` (n, k)."""
    filled: Bools = slates.actions != NOTHING
    rows, positions = np.nonzero(filled)
    places = slates.actions[filled]
    return LoggedFeedback(
        items=options.items[rows, places],
        features=options.features[rows, places],
        positions=positions,
        propensities=slates.propensities[filled],
        rewards=rewards[filled],
        impressions=np.ones(len(rows)),
        by_expert=None if slates.by_expert is None else slates.by_expert[filled],
    )


def _learn(policy: Policy, waiting: deque[LoggedFeedback], delay: int) -> Policy:
    """Tell `policy` of the newest impressions, and of the rewards that have waited `delay` batches."""
    if not isinstance(policy, LearningPolicy):
        waiting.clear()
        return policy
    newest = waiting[-1]
    learnt = policy.update(replace(newest, rewards=np.zeros(len(newest))))
    if len(waiting) <= delay:
        return learnt
    late = waiting.popleft()
    return learnt.update(replace(late, impressions=np.zeros(len(late))))
