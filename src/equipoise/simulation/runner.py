"""One policy in one environment: requests, slates, rewards, learning, round after round."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.policy import Options, Policy, Slates, taught
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
    if not isinstance(policy, Policy):
        raise BadInputError("policy", f"{type(policy).__name__} must have decide and propensities")
    meeting = _Meeting.of(environment, k, rng)
    steps: list[tuple[float, ...]] = []
    for done in range(0, rounds, batch):
        options = environment.requests(min(batch, rounds - done))
        if len(options) == 0:
            break
        step, news = meeting.hold(policy, options)
        steps.append(step)
        policy = taught(policy, news) if len(news) else policy
        report(label, done + len(options), rounds)
    return _trace(steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meeting:
    """How a policy and an environment meet; what the environment cannot tell is None."""

    environment: Environment
    value: Callable[[Options, Slates], Floats] | None
    late: Callable[[], LoggedFeedback]
    k: int
    rng: np.random.Generator

    @classmethod
    def of(cls, environment: Environment, k: int, rng: np.random.Generator) -> Self:
        """Return the meetings of `environment`, asked once what it can tell."""
        return cls(
            environment=environment,
            value=environment.value if isinstance(environment, Valued) else None,
            late=environment.late if isinstance(environment, Late) else nothing,
            k=k,
            rng=rng,
        )

    def hold(self, policy: Policy, options: Options) -> tuple[tuple[float, ...], LoggedFeedback]:
        """Return the sums of one batch and what became known in it."""
        slates = policy.decide(options, self.k, rng=self.rng)
        _check("policy: decide returned actions", slates.actions, (len(options), self.k))
        best = self.environment.best(options, self.k)
        value = None if self.value is None else self.value(options, slates)
        earned = np.asarray(self.environment.react(options, slates), dtype=np.float64)
        _check("environment: react returned rewards", earned, slates.actions.shape)
        late = self.late()
        return _sums(slates, earned, late, best, value), joined(impressions(options, slates, earned), late)


def _sums(
    slates: Slates, earned: Floats, late: LoggedFeedback, best: Floats, value: Floats | None
) -> tuple[float, ...]:
    """Return what a batch adds to each array of the trace; what was earned stands for an unknown value."""
    counted, shown = ~np.isnan(earned).all(axis=1), slates.actions >= 0
    regret = best - (np.nansum(earned, axis=1) if value is None else value)
    reward = np.nansum(earned) + late.rewards.sum()
    return counted.sum(), reward, regret[counted].sum(), shown.sum(), (slates.explored & shown).sum()


def _check(what: str, array: Floats | Ints, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        field, _, did = what.partition(": ")
        raise BadInputError(field, f"{did} {array.shape}; return {shape}, one a position")


def _trace(steps: list[tuple[float, ...]]) -> Trace:
    rounds, reward, regret, shown, explored = np.array(steps, dtype=np.float64).reshape(-1, 5).T
    return Trace(
        rounds=rounds.astype(np.int64),
        reward=reward,
        regret=regret,
        shown=shown.astype(np.int64),
        explored=explored.astype(np.int64),
    )
