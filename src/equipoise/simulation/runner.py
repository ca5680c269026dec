"""One policy in one environment: requests, slates, rewards, learning, round after round."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.policy import LearningPolicy, Options, Policy, Slates
from equipoise.progress import report
from equipoise.simulation.impressions import impressions, joined, nothing
from equipoise.simulation.protocol import Environment, Late, Valued
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What happened in each of b batches: sums over its rounds, every array (b,).

    `rounds` that count (all, but in a replay); `reward` that arrived, late ones when they do; `regret`,
    expected reward of the best slates less that of those shown, NaN where the best is unknown; `shown`
    positions, and how many of them were `explored`.
    """

    rounds: Ints
    reward: Floats
    regret: Floats
    shown: Ints
    explored: Ints


def run(
    environment: Environment,
    policy: Policy,
    *,
    rounds: int,
    batch: int,
    k: int,
    rng: np.random.Generator,
    label: str = "simulate",
) -> Trace:
    """Let `policy` face `rounds` requests, `batch` at a time, with slates of `k`; it learns after each batch.

    Ends early where the environment does. `label` names the progress bar.
    """
    for name, number in (("rounds", rounds), ("batch", batch), ("k", k)):
        if number < 1:
            raise BadInputError(name, f"must be at least 1, not {number}")
    steps: list[tuple[float, ...]] = []
    for done in range(0, rounds, batch):
        options = environment.requests(min(batch, rounds - done))
        if len(options) == 0:
            break
        step, news = _meet(environment, policy, options, k, rng)
        policy = _taught(policy, news)
        steps.append(step)
        report(label, done + len(options), rounds)
    return _trace(steps)


def _meet(
    environment: Environment, policy: Policy, options: Options, k: int, rng: np.random.Generator
) -> tuple[tuple[float, ...], LoggedFeedback]:
    """Return the sums of one batch and what became known in it."""
    slates = policy.decide(options, k, rng=rng)
    best, value = environment.best(options, k), _value(environment, options, slates)
    earned = _checked(environment.react(options, slates), slates)
    late = environment.late() if isinstance(environment, Late) else nothing()
    counted, shown = ~np.isnan(earned).all(axis=1), slates.actions >= 0
    regret = best - (np.nansum(earned, axis=1) if value is None else value)
    step = (
        counted.sum(),
        np.nansum(earned) + late.rewards.sum(),
        regret[counted].sum(),
        shown.sum(),
        (slates.explored & shown).sum(),
    )
    return step, joined(impressions(options, slates, earned), late)


def _value(environment: Environment, options: Options, slates: Slates) -> Floats | None:
    """Return the expected reward of each slate; None where nobody knows it, and what it earns must do."""
    return environment.value(options, slates) if isinstance(environment, Valued) else None


def _taught(policy: Policy, news: LoggedFeedback) -> Policy:
    if len(news) and isinstance(policy, LearningPolicy):
        return policy.update(news)
    return policy


def _checked(earned: Floats, slates: Slates) -> Floats:
    rewards = np.asarray(earned, dtype=np.float64)
    if rewards.shape != slates.actions.shape:
        wanted = slates.actions.shape
        raise BadInputError(
            "environment", f"react returned rewards {rewards.shape}; return {wanted}, one a position"
        )
    return rewards


def _trace(steps: list[tuple[float, ...]]) -> Trace:
    rounds, reward, regret, shown, explored = np.array(steps, dtype=np.float64).reshape(-1, 5).T
    return Trace(
        rounds=rounds.astype(np.int64),
        reward=reward,
        regret=regret,
        shown=shown.astype(np.int64),
        explored=explored.astype(np.int64),
    )
