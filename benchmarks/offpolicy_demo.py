"""What a policy would have earned, from another's log of the demo shop, beside what the simulator says.

    python benchmarks/offpolicy_demo.py --slates 10000 --json offpolicy_demo.json

Shoppers and orders are the demo's (see demo_reward.py); the recommender is two models of its four, which is
cheap, and slates have three positions. `balanced` learns for a while and is then left as it is, so that there
is one policy to speak of. Then several policies each serve the same shoppers and log: scores to 11 bits, as
the log keeps them, and, unlike the log, features of every candidate, without which `balanced` cannot be
judged. `near greedy` and `near balanced` order candidates as these do, and draw: the chance of the j-th best
falls with its third power. "1 slate in 5" draws whole slates so, "1 position in 20" single positions. Each
log judges `greedy` and `balanced`. The truth is the expected reward of the target's own slates, on the same
requests, and in a run of its own. Finished logs are kept in `--folder`, so that a stopped benchmark goes on
where it was.
"""

import argparse
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import rankdata

from demo_reward import SEED, population
from equipoise.artifact import load_artifact, save_artifact
from equipoise.balance import BalancedPolicy, named
from equipoise.errors import ArtifactError
from equipoise.evaluation.offpolicy.compare_slates import compare_slates
from equipoise.evaluation.offpolicy.registry import SLATES
from equipoise.evaluation.offpolicy.sources.decided import Decided
from equipoise.evaluation.offpolicy.sources.streamed import Scored, streamed
from equipoise.models import EASE, ItemKNN, Learner
from equipoise.policies import Greedy, Policy, Uniform
from equipoise.policies.blend import Blend, Voice
from equipoise.policies.policy import Options
from equipoise.policies.sampler import Revise, Slot, SlotBySlot, Weigh
from equipoise.policies.sometimes import Sometimes
from equipoise.random import derive
from equipoise.recommenders import Recommender
from equipoise.recommenders.recipes.shop import shop
from equipoise.simulation import Era, Population, ShopEnvironment, live
from equipoise.types import Floats

K, BATCH = 3, 20
TARGETS = ("greedy", "balanced")
LOGGERS = (
    "balanced, 1 slate in 5 near greedy",
    "greedy, 1 slate in 5 near balanced",
    "balanced, 1 position in 20 uniform",
    "balanced",
    "greedy",
    "near balanced",
    "near greedy",
    "uniform",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The shop, its policies, and where finished work is kept."""

    people: Population
    recommender: Recommender
    slates: int
    seed: int
    folder: Path

    def environment(self, name: str) -> ShopEnvironment:
        """Return the shop before the first visitor; another `name` brings others."""
        return ShopEnvironment(
            recommender=self.recommender,
            eras=(Era(start=0, shoppers=self.people.shoppers, catalogue=self.people.catalogue),),
            histories=self.people.histories(),
            seed=int(derive(self.seed, name).integers(2**31)),
        )

    def policies(self, warm: int) -> dict[str, Policy]:
        """Return the policies by name; `balanced` after it learned from `warm` slates of its own."""
        greedy, balanced = Greedy().start(0), self._balanced(warm)
        return {
            "balanced": balanced,
            "greedy": greedy,
            "balanced, 1 slate in 5 near greedy": Sometimes(balanced, Near(greedy), 0.2),
            "greedy, 1 slate in 5 near balanced": Sometimes(greedy, Near(balanced), 0.2),
            "balanced, 1 position in 20 uniform": Trying(balanced, 0.05),
            "near balanced": Near(balanced),
            "near greedy": Near(greedy),
            "uniform": named("uniform").start(0),
        }

    def _balanced(self, warm: int) -> SlotBySlot:
        kept = self.folder / f"balanced-{warm}-{self.seed}"
        with suppress(ArtifactError):  # absent
            return load_artifact(BalancedPolicy, kept)
        policy: Any = named("balanced").start(len(self.recommender.features), self.recommender.prior_mean)
        keeping = Keeping(policy)
        for _ in live(self.environment("warm"), keeping, slates=warm, batch=BATCH, k=K):
            pass
        save_artifact(keeping.policy, kept)
        learned: SlotBySlot = keeping.policy
        return learned


@dataclass(frozen=True, slots=True)
class Near(SlotBySlot):
    """The worths of another policy, of which the j-th best left is drawn in proportion to 1 / j^3."""

    policy: Any

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh by place."""
        return self.policy.weighing(options)[0], _by_place

    def revising(self, options: Options) -> Revise | None:
        """Revise as the other."""
        revise: Revise | None = self.policy.revising(options)
        return revise


def _by_place(slot: Slot) -> Floats:
    places = rankdata(-slot.left, method="min", axis=1)
    return np.where(np.isfinite(slot.left), places**-3.0, 0.0)


@dataclass(frozen=True, slots=True)
class Trying(SlotBySlot):
    """Another policy, of which the share of positions, one by one, is drawn uniformly."""

    policy: Any
    share: float

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh by the mixture."""
        voices = Voice.of(self.policy, options), Voice.of(Uniform().start(0), options)
        return voices[0].left, Blend(voices, np.array([1.0 - self.share, self.share]))


class Keeping:
    """A policy that learns where it is, so that what it came to can be had."""

    def __init__(self, policy: Any) -> None:
        self.policy = policy

    def __getattr__(self, name: str) -> Any:
        return getattr(self.policy, name)

    def update(self, feedback: Any) -> "Keeping":
        """Learn."""
        self.policy = self.policy.update(feedback)
        return self


def recommender(people: Population, folder: Path) -> Recommender:
    """Fit two models, or load them where an earlier run left them."""
    kept = folder / "recommender"
    with suppress(ArtifactError):  # absent, or saved by another version
        return load_artifact(Recommender, kept)
    orders = people.known_orders()
    learners: dict[str, Learner] = {"ease": EASE(), "item_knn": ItemKNN()}
    scorers = {name: one.fit(orders, rng=derive(SEED, "fit", name)) for name, one in learners.items()}
    wired = shop(scorers, dict.fromkeys(scorers, 1.0), orders, named("uniform").start(0))
    save_artifact(wired, kept)
    return wired


def as_logged(options: Options) -> Options:
    """Return `options` with scores to 11 bits."""
    return replace(options, scores=options.scores.astype(np.float16).astype(np.float32))


def served(
    bench: Bench, logger: Policy, policies: Mapping[str, Policy], found: dict[str, Any]
) -> Iterator[Decided]:
    """Let `logger` serve, yielding the log; put into `found` what each policy was worth on these requests."""
    environment = bench.environment("visitors")
    worth: dict[str, list[Floats]] = {name: [] for name in policies}
    while environment.served < bench.slates:
        options = environment.requests(BATCH)
        rng = derive(environment.seed, "policy", environment.served)
        for name, policy in policies.items():
            would = policy.decide(options, K, rng=derive(environment.seed, name, environment.served))
            worth[name].append(environment.expected(options, would))
        slates = logger.decide(options, K, rng=rng)
        found.setdefault("expected", []).append(float(environment.expected(options, slates).mean()))
        rewards = environment.react(options, slates)
        yield Decided(
            options=as_logged(options),
            actions=slates.actions,
            propensities=slates.propensities,
            rewards=rewards,
            seen=np.ones(len(rewards), np.bool_),
        )
    found["on these requests"] = {name: float(np.concatenate(parts).mean()) for name, parts in worth.items()}
    found["own"] = float(np.mean(found.pop("expected")))


def log_of(bench: Bench, name: str, policies: Mapping[str, Policy]) -> dict[str, Any]:
    """Return what the log of the policy `name` says of the targets, or what an earlier run kept of it."""
    kept = bench.folder / f"log-{name}-{bench.slates}-{bench.seed}.json"
    if kept.exists():
        told: dict[str, Any] = json.loads(kept.read_text())
        return told
    began = time.process_time()
    found: dict[str, Any] = {}
    targets = {target: Scored(policies[target]) for target in TARGETS if target != name}
    judged = {target: policies[target] for target in targets}
    logs = streamed(served(bench, policies[name], judged, found), targets)
    rows = compare_slates(logs, {one: SLATES[one] for one in ("auto", "reward_interaction", "standard")})
    told = found | {
        "judged": [
            {
                "target": row.target,
                "estimator": row.estimator,
                "estimate": None if row.estimate is None else asdict(row.estimate),
                "supported": row.verdict.supported,
                "why": row.verdict.why,
            }
            for row in rows
        ]
    }
    kept.write_text(json.dumps(told))
    print(f"seed {bench.seed}: log of {name} in {time.process_time() - began:.0f} s of CPU")
    return told


def rows(logs: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the estimates of all logs beside the truth."""
    return [
        {
            "log": name,
            **judged,
            "true_on_these_requests": log["on these requests"][judged["target"]],
            "true_in_its_own_run": logs[judged["target"]]["own"] if judged["target"] in logs else None,
        }
        for name, log in logs.items()
        for judged in log["judged"]
    ]


def table(found: list[dict[str, Any]]) -> str:
    heads = f"{'log of':38s}{'target':10s}{'estimator':20s}{'estimate':>28s}{'true':>9s}{'own run':>9s}"
    lines = [f"{heads}{'ess':>8s}  within"]
    for row in found:
        estimate = row["estimate"]
        ends = f"{estimate['value']:.4f} [{estimate['low']:.4f}, {estimate['high']:.4f}]"
        truth = row["true_on_these_requests"]
        within = "yes" if estimate["low"] <= truth <= estimate["high"] else "no"
        lines.append(
            f"{row['log']:38s}{row['target']:10s}{row['estimator']:20s}{ends:>28s}{truth:9.4f}"
            f"{row['true_in_its_own_run'] or np.nan:9.4f}{estimate['ess']:8.0f}  "
            + (within if row["supported"] else f"refused ({within}): {row['why'][:60]}")
        )
    return "\n".join(lines)


def main() -> None:
    options = _options()
    people = population(options.folder)
    bench = Bench(
        people=people,
        recommender=recommender(people, options.folder),
        slates=options.slates,
        seed=options.seed,
        folder=options.folder,
    )
    policies = bench.policies(options.warm)
    found = rows({name: log_of(bench, name, policies) for name in options.logs})
    print(table(found))
    if options.json is not None:
        options.json.write_text(json.dumps({"slates": options.slates, "k": K, "rows": found}, indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--slates", type=int, default=10_000)
    parser.add_argument("--warm", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--logs", nargs="+", choices=LOGGERS, default=LOGGERS, help="whose logs; default: all"
    )
    parser.add_argument("--folder", type=Path, default=Path("equipoise-data/offpolicy-demo"))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    return options


if __name__ == "__main__":
    main()
