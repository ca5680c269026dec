"""Does the guardrail hold, and what does it let explore? Many runs in worlds whose truth is known.

    python benchmarks/guardrail.py --runs 200 --json benchmarks/results/guardrail.json

In each run a policy meets a world of its own seed, with the guardrail and without. At every request the
truth is asked what the slate shown is expected to earn and what the policy's own best guess would have,
and their sums are compared from the first request on. `wild` learns as the others do, and explores by
chance alone wherever it may: the worst that a guardrail can be given to hold. Runs that are done are kept
in `--json`, so that a stopped benchmark goes on where it was.
"""

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.balance.guardrail import Guard, Guardrail, Verdict
from equipoise.balance.registry import named
from equipoise.data.feedback import LoggedFeedback
from equipoise.policies import LinGreedy, Options, SlotBySlot
from equipoise.policies.belief import Belief
from equipoise.policies.limited import Limited
from equipoise.policies.sampler import Slot, Weigh
from equipoise.random import derive
from equipoise.simulation.impressions import impressions
from equipoise.simulation.registry import ENVIRONMENTS
from equipoise.types import Bools, Floats

BATCH = 50
UNGUARDED = 20
"""Runs without the guardrail, which only show what it prevents."""
LARGEST = {"sparse_clicks": 1.0, "abrupt_drift": 1.0, "slates": 1.0, "position_bias": 2.0}
"""The worlds, and the most that is counted of a slate."""
POLICIES = ("balanced", "lin_boltzmann", "wild")


@dataclass(frozen=True, slots=True)
class Wild(SlotBySlot):
    """Believes as `lin_greedy` does, and shows anything."""

    belief: Belief

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh all alike."""
        return self.belief.means(options.items, options.features), _alike

    def update(self, feedback: LoggedFeedback) -> "Wild":
        """Return the policy after `feedback`."""
        return Wild(self.belief.learn(feedback))


def _alike(slot: Slot) -> Floats:
    return (slot.left > -np.inf).astype(np.float64)


def started(name: str, n_features: int) -> Any:
    if name == "wild":
        return Wild(LinGreedy().start(n_features).belief)
    return named(name).start(n_features)


@dataclass(frozen=True, slots=True)
class Lived:
    """Of each request of a run, (n,): its worth as shown and as the best guess; whether it might explore."""

    shown: Floats
    guessed: Floats
    trials: Bools

    def figures(self, loss: float) -> dict[str, Any]:
        """Return whether (1) of the guardrail held at every time, and at the end, and what was explored."""
        lead = np.cumsum(self.shown - (1.0 - loss) * self.guessed)
        tried = np.flatnonzero(self.trials)
        return {
            "held": bool(lead.min() >= -1e-9),
            "held_at_the_end": bool(lead[-1] >= -1e-9),
            "explored": float(self.trials.mean()),
            "explored_in_the_last_fifth": float(self.trials[-len(self.trials) // 5 :].mean()),
            "first": int(tried[0]) if len(tried) else None,
            "kept": float(self.shown.sum() / self.guessed.sum()),
        }


def live(world: str, policy_name: str, guard: Guard | None, *, rounds: int, seed: int) -> Lived:
    """Let a policy live, under `guard` where there is one."""
    listed = ENVIRONMENTS[world]
    environment: Any = listed.config().start(seed)
    rng, coins = derive(seed, "guardrail", policy_name), derive(seed, "coins", policy_name)
    policy: Any = None
    parts: list[tuple[Floats, Floats, Bools]] = []
    for _ in range(rounds // BATCH):
        options = environment.requests(BATCH)
        if policy is None:
            policy = started(policy_name, options.features.shape[2])
        verdicts = [asked(guard, float(luck)) for luck in coins.random(BATCH)]
        free = np.array([verdict.explore for verdict in verdicts])
        limited = held(policy, np.where(free, listed.k, 0), listed.k)
        slates = limited.decide(options, listed.k, rng=rng)
        guesses = held(policy, np.zeros(BATCH, np.int64), listed.k).decide(options, listed.k, rng=rng)
        shown = environment.value(options, slates)
        # Where no trial was, the slate shown is the best guess itself, however its ties fell.
        parts.append((shown, np.where(free, environment.value(options, guesses), shown), free))
        earned = environment.react(options, slates)
        if guard is not None:
            for verdict, reward in zip(verdicts, earned.sum(axis=1).tolist(), strict=True):
                guard.close(verdict, reward)
        policy = policy.update(impressions(options, slates, earned))
    return Lived(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def asked(guard: Guard | None, luck: float) -> Verdict:
    if guard is None:
        return Verdict(chance=1.0, explore=True)
    verdict = guard.verdict(luck)
    guard.open(verdict)
    return verdict


def held(policy: SlotBySlot, limits: Any, k: int) -> Limited:
    return Limited(policy=policy, limits=limits, allowed=np.ones(k, np.bool_))


def summary(runs: list[Mapping[str, Any]]) -> dict[str, float]:
    """Return shares and means over runs."""
    firsts = [run["first"] for run in runs if run["first"] is not None]
    names = ("held", "held_at_the_end", "explored", "explored_in_the_last_fifth", "kept")
    means = {name: float(np.mean([run[name] for run in runs])) for name in names}
    return {**means, "first": float(np.median(firsts)) if firsts else float("nan"), "runs": len(runs)}


def cells() -> Iterator[tuple[str, str, bool]]:
    """Yield each world, policy, and whether it is guarded."""
    yield from product(LARGEST, POLICIES, (True, False))


def measured(options: argparse.Namespace, done: dict[str, Any], cell: tuple[str, str, bool]) -> list[Any]:
    """Return the figures of all runs of a cell, those of `done` taken as they are."""
    world, policy, guarded = cell
    rail = Guardrail(loss=options.loss, delta=options.delta, largest=LARGEST[world])
    settings = f"{options.rounds} {options.loss} {options.delta}"
    runs: list[Any] = done.setdefault(f"{world} {policy} {guarded} {settings}", [])
    for seed in range(len(runs), options.runs if guarded else min(options.runs, UNGUARDED)):
        lived = live(world, policy, Guard(rail) if guarded else None, rounds=options.rounds, seed=seed)
        runs.append(lived.figures(options.loss))
        options.json.write_text(json.dumps(done))
    return runs


def row(cell: tuple[str, str, bool], told: Mapping[str, float]) -> str:
    world, policy, guarded = cell
    return (
        f"{world:<16}{policy:<15}{'yes' if guarded else 'no':<7}{told['runs']:>5.0f}{told['held']:>8.1%}"
        f"{told['held_at_the_end']:>8.1%}{told['kept']:>7.3f}{told['explored']:>10.1%}"
        f"{told['explored_in_the_last_fifth']:>12.1%}{told['first']:>8.0f}"
    )


HEAD = (
    f"{'world':<16}{'policy':<15}{'guard':<7}{'runs':>5}{'held':>8}{'at end':>8}{'kept':>7}{'explored':>10}"
    f"{'last fifth':>12}{'first':>8}"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=10_000)
    parser.add_argument("--loss", type=float, default=0.1)
    parser.add_argument("--delta", type=float, default=0.05)
    parser.add_argument("--json", type=Path, default=Path("guardrail.json"))
    options = parser.parse_args()
    done: dict[str, Any] = json.loads(options.json.read_text()) if options.json.exists() else {}
    print(HEAD)
    for cell in cells():
        print(row(cell, summary(measured(options, done, cell))), flush=True)


if __name__ == "__main__":
    main()
