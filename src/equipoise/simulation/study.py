"""Policies compared in one environment over several seeds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TypeAlias

import msgspec
import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.registry import PolicyConfig
from equipoise.progress import track
from equipoise.random import derive
from equipoise.simulation.protocol import Environment
from equipoise.simulation.runner import Trace, run
from equipoise.types import Floats

Factory: TypeAlias = Callable[[int], Environment]
"""Called with a seed, opens an environment."""

POINTS = 100
"""How many points of a curve are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How long and in what steps: `rounds` requests, `batch` at a time, slates of `k`."""

    rounds: int
    batch: int = 20
    k: int = 1


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One policy under one seed.

    `rounds` that counted; `reward` and `regret` a round, `regret` None where the best is unknown;
    `explored` share of positions; `curve` of (rounds, cumulative regret, cumulative reward).
    """

    policy: str
    seed: int
    rounds: int
    reward: float
    regret: float | None
    explored: float
    seconds: float
    curve: list[tuple[int, float | None, float]]


def compare(
    factory: Factory,
    policies: Mapping[str, PolicyConfig],
    seeds: Iterable[int],
    setting: Setting,
    *,
    known: Sequence[Measured] = (),
) -> Iterator[Measured]:
    """Yield the measurement of every policy under every seed as it is made, but for those `known`.

    All policies meet the same requests under the same seed.
    """
    done = {(measured.policy, measured.seed) for measured in known}
    wanted = [(seed, name) for seed in seeds for name in policies if (name, seed) not in done]
    for seed, name in track(wanted, "runs"):
        yield measure(factory, policies[name], setting, name=name, seed=seed)


def measure(factory: Factory, config: PolicyConfig, setting: Setting, *, name: str, seed: int) -> Measured:
    """Return how a fresh policy of `config` fares under `seed`."""
    n_features = factory(seed).requests(1).features.shape[2]
    begun = perf_counter()
    trace = run(
        factory(seed),
        config.start(n_features),
        rounds=setting.rounds,
        batch=setting.batch,
        k=setting.k,
        rng=derive(seed, "policy", name),
        label=name,
    )
    return _measured(trace, name, seed, perf_counter() - begun)


def _measured(trace: Trace, name: str, seed: int, seconds: float) -> Measured:
    rounds = int(trace.rounds.sum())
    if rounds == 0:
        raise BadInputError(
            "rounds", f"none counted for {name}; a replay needs more rounds, or fewer candidates"
        )
    regret = float(trace.regret.sum() / rounds)
    return Measured(
        policy=name,
        seed=seed,
        rounds=rounds,
        reward=float(trace.reward.sum() / rounds),
        regret=None if np.isnan(regret) else regret,
        explored=float(trace.explored.sum() / max(1, trace.shown.sum())),
        seconds=round(seconds, 3),
        curve=_curve(trace),
    )


def _curve(trace: Trace) -> list[tuple[int, float | None, float]]:
    ends = np.unique(np.linspace(0, len(trace.rounds) - 1, POINTS).round().astype(np.int64))
    rounds, regret, reward = np.cumsum((trace.rounds, trace.regret, trace.reward), axis=1)[:, ends]
    return list(zip(rounds.astype(np.int64).tolist(), _known(regret), reward.tolist(), strict=True))


def _known(numbers: Floats) -> list[float | None]:
    return [None if np.isnan(number) else float(number) for number in numbers]
