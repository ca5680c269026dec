"""Values beyond the next click: tables against the exact one, learners against bandits, logs, a public agent.

    python benchmarks/reinforcement.py exact online offline --seeds 3 --folder equipoise-data/reinforcement
    /path/to/peer/bin/python benchmarks/reinforcement_peer.py ...    # see there

Runs are kept in `--folder`, so that a stopped benchmark goes on where it was. The shop is the packaged one;
what is assumed of its shoppers is in `SessionRules`. Returns are undiscounted sums over a shopper's 30 days,
of `--judged` shoppers who are the same for all policies of a seed. Nobody learns while being judged.
"""

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from equipoise.artifact import load_artifact, save_artifact
from equipoise.balance.registry import named
from equipoise.errors import ArtifactError
from equipoise.evaluation.sequential import (
    Episodes,
    FittedQ,
    doubly_robust,
    per_decision,
    weighted_per_decision,
)
from equipoise.evaluation.sequential.fitted_q import slate_features
from equipoise.events.online_retail import read_online_retail
from equipoise.models.reinforcement.actor_critic import ActorCritic
from equipoise.models.reinforcement.double_dqn import DoubleDQN
from equipoise.models.reinforcement.reinforce import Reinforce
from equipoise.models.reinforcement.slate_evaluation import SlateEvaluation
from equipoise.models.reinforcement.slate_q import SlateQ
from equipoise.models.reinforcement.value_learner import ValueLearner
from equipoise.policies import EpsilonGreedy
from equipoise.policies.mostly_greedy import MostlyGreedy
from equipoise.policies.policy import Options, Policy
from equipoise.random import derive
from equipoise.simulation.population import Population
from equipoise.simulation.sessions.clusters import Clusters
from equipoise.simulation.sessions.crowd import ABOUT, Crowd
from equipoise.simulation.sessions.lessons import LESSONS
from equipoise.simulation.sessions.rules import SessionRules
from equipoise.simulation.sessions.school import OnValues, School, returns, shown, teach_from, written_down
from equipoise.simulation.sessions.shop import SessionShop
from equipoise.simulation.sessions.table import SessionTable
from equipoise.simulation.sessions.walk import learn_table
from equipoise.types import Floats, Ints

BANDITS = ("lin_greedy", "lin_boltzmann", "lin_ucb", "balanced", "greedy")
SIZES: Mapping[str, Any] = {"sizes": (32, 32)}
LEARNERS: Mapping[str, ValueLearner] = {
    "slate_q": SlateQ(**SIZES),
    "double_dqn": DoubleDQN(**SIZES),
    "actor_critic": ActorCritic(**SIZES),
    "reinforce": Reinforce(**SIZES),
}
LANES, DISCOUNT = 200, 0.98
Run = Callable[[], dict[str, Any]]


def main() -> None:
    options = _options()
    shop, table = shop_of(options.folder)
    for part in options.parts:
        for seed in range(options.seeds):
            for name, run in PARTS[part](shop, table, seed, options):
                kept(options.folder / f"{part}-{name}-{seed}.json", run)
        print(summary(options.folder, part, options.seeds))


def shop_of(folder: Path) -> tuple[SessionShop, Clusters]:
    """Return the shop and the clusters of the tabular session, made once."""
    with suppress(ArtifactError):  # absent, or saved by another version
        return load_artifact(SessionShop, folder / "shop"), load_artifact(Clusters, folder / "clusters")
    told = read_online_retail(folder)
    people = Population.of(told.items, told.events, (), (), seed=0)
    shop = SessionShop.of(people.shoppers, people.orders, rng=derive(0, "sessions"))
    clusters = Clusters.of(people.shoppers.tastes, people.orders, 4, rng=derive(0, "clusters"))
    save_artifact(shop, folder / "shop")
    save_artifact(clusters, folder / "clusters")
    return shop, clusters


def exact(shop: SessionShop, clusters: Clusters, seed: int, options: Any) -> Sequence[tuple[str, Run]]:
    """Q-learning explores at random throughout; SARSA less and less, or its table would be another."""
    process = SessionTable().process(clusters)
    truth = process.solved(0.9)

    def run(name: str) -> dict[str, Any]:
        lesson, rng = LESSONS[name], derive(seed, name)
        found = learn_table(
            process, lesson.learner, lesson.exploration, steps=lesson.steps, shoppers=4_000, rng=rng
        )
        share = np.abs(found.values - truth).max() / np.ptp(truth)
        return {"max_error_share": float(share), "steps": lesson.steps}

    return [(name, partial(run, name)) for name in LESSONS]


def online(shop: SessionShop, clusters: Clusters, seed: int, options: Any) -> Sequence[tuple[str, Run]]:
    """Everyone learns from `--steps` slates of their own, and is then judged as they are."""

    def bandit(name: str) -> dict[str, Any]:
        crowd = arrived(shop, options, seed, "learn")
        policy: Policy = named(name).start(crowd.n_features)
        rng, requests = derive(seed, name), crowd.options()
        for _ in range(0, options.steps, LANES):
            _, requests, policy = shown(crowd, policy, requests, rng)
        return judged(shop, options, seed, policy)

    def value(name: str) -> dict[str, Any]:
        crowd, rng = arrived(shop, options, seed, "learn"), derive(seed, name)
        school = School(steps=options.steps, updates=options.updates)
        values = school.teach(crowd, LEARNERS[name], EpsilonGreedy(epsilon=0.1), rng=rng)
        return judged(shop, options, seed, OnValues(values))

    return [
        *((name, partial(bandit, name)) for name in options.bandits.split(",")),
        *((name, partial(value, name)) for name in options.learners.split(",")),
    ]


def offline(shop: SessionShop, clusters: Clusters, seed: int, options: Any) -> Sequence[tuple[str, Run]]:
    """From a log of `balanced` alone: what is learnt, what a log says it earns, and what it does earn."""

    def run() -> dict[str, Any]:
        crowd = arrived(shop, options, seed, "log")
        policy: Policy = named("balanced").start(crowd.n_features)
        _, policy = written_down(crowd, policy, steps=options.logged // 2, rng=derive(seed, "warm"))
        crowd.restart()
        frozen = _Frozen(policy)
        log, _ = written_down(crowd, frozen, steps=options.logged, rng=derive(seed, "log"))
        learner = replace(LEARNERS[options.offline], capacity=options.logged, discount=DISCOUNT)  # type: ignore[type-var]
        n_own = crowd.n_features - len(ABOUT)
        values = teach_from(
            log, learner, updates=options.offline_updates, n_own=n_own, rng=derive(seed, "offline")
        )
        learnt = OnValues(values, MostlyGreedy(0.05))
        return {
            "balanced": judged(shop, options, seed, frozen)["return"],
            "learnt": judged(shop, options, seed, learnt)["return"],
            "discounted": {
                name: discounted(shop, options, seed, each)
                for name, each in (("balanced", frozen), ("learnt", learnt))
            },
            "estimates": {
                "balanced": estimates(log, frozen, seed, options.offline_updates),
                "learnt": estimates(log, learnt, seed, options.offline_updates),
            },
        }

    return [(options.offline, run)]


PARTS = {"exact": exact, "online": online, "offline": offline}


class _Frozen:
    """A policy that does not learn."""

    def __init__(self, policy: Policy) -> None:
        self.decide, self.propensities = policy.decide, policy.propensities


def arrived(shop: SessionShop, options: Any, seed: int, name: str, n: int = LANES) -> Crowd:
    rules = replace(SessionRules(), delights=options.delights)
    return Crowd(shop=shop, rules=rules, rng=derive(seed, "crowd", name), n=n)


def judged(shop: SessionShop, options: Any, seed: int, policy: Policy) -> dict[str, Any]:
    crowd = arrived(shop, options, seed, "judge")
    earned = returns(crowd, policy, episodes=options.judged, rng=derive(seed, "judge"))
    return {"return": float(earned.mean()), "shoppers": len(earned)}


def discounted(shop: SessionShop, options: Any, seed: int, policy: Policy) -> float:
    """Return the mean discounted return in the simulator, of shoppers followed for 200 slates."""
    crowd, rng = arrived(shop, options, seed, "truth", n=1_000), derive(seed, "truth")
    alive, earned = np.ones(crowd.n), np.zeros(crowd.n)
    for step in range(200):
        outcome = crowd.step(policy.decide(crowd.options(), crowd.k, rng=rng).actions)
        earned += DISCOUNT**step * alive * outcome.rewards.sum(axis=1)
        alive *= 1 - outcome.done
    return float(earned.mean())


def estimates(log: Any, policy: Policy, seed: int, updates: int) -> dict[str, Any]:
    """Return what each estimator says of the discounted return of `policy`."""
    here, then = _options_of(log.items, log.features), _options_of(log.following_items, log.following)
    rng, k = derive(seed, "estimate"), log.places.shape[1]
    first, following = (policy.decide(each, k, rng=rng).actions for each in (here, then))
    features = slate_features(log.features, log.places)
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-3

    def standard(found: Floats) -> Floats:
        return np.concatenate([np.ones((len(found), 1)), (found - mean) / scale], axis=1)

    fitted = FittedQ.fit(
        standard(features),
        log.rewards.sum(axis=1),
        standard(slate_features(log.following, following)),
        log.done,
        discount=DISCOUNT,
        reg=30.0,
    )
    v = fitted.values(standard(slate_features(log.features, first)))
    q = fitted.values(standard(features))
    decomposed = SlateEvaluation(
        learner=SlateQ(sizes=(32, 32), discount=DISCOUNT, tracking=0.05), updates=updates
    ).fit(log, following, n_own=log.features.shape[2] - len(ABOUT), rng=rng)
    episodes = Episodes.of(log, policy.propensities(here, log.places), discount=DISCOUNT, first_only=True)
    found = {
        "fitted_q": float(v[episodes.steps[:, 0]].mean()),
        "fitted_slate_q": float(decomposed.worth(log.features, first)[episodes.steps[:, 0]].mean()),
    }
    for name, value in (
        ("per_decision", per_decision(episodes)),
        ("weighted_per_decision", weighted_per_decision(episodes)),
        ("doubly_robust", doubly_robust(episodes, q, v)),
    ):
        found |= {name: value.value, f"{name} ess": value.ess}
    return found


def _options_of(items: Ints, features: Floats) -> Options:
    wide = features.astype(np.float64)
    return Options(items=items, scores=wide[:, :, 0].copy(), features=wide, context=np.zeros((len(items), 0)))


def kept(path: Path, run: Run) -> None:
    """Run what was not run before."""
    if path.exists():
        return
    began = time.process_time()
    found = {**run(), "cpu_seconds": round(time.process_time() - began, 1)}
    path.write_text(json.dumps(found))
    print(path.stem, found, flush=True)


def summary(folder: Path, part: str, seeds: int) -> str:
    """Return a line a name: the means over seeds with 95 % intervals (Student's t)."""
    found: dict[str, list[dict[str, Any]]] = {}
    for seed in range(seeds):
        for path in sorted(folder.glob(f"{part}-*-{seed}.json")):
            name = path.stem.removeprefix(f"{part}-").rpartition("-")[0]
            found.setdefault(name, []).append(json.loads(path.read_text()))
    lines = [f"{part}:"]
    for name, runs in found.items():
        figures = [key for key in runs[0] if isinstance(runs[0][key], float)]
        lines.append(
            f"  {name:16s}" + "  ".join(f"{key} {_interval([r[key] for r in runs])}" for key in figures)
        )
    return "\n".join(lines)


def _interval(values: Sequence[float]) -> str:
    reach = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values) if len(values) > 1 else float("nan")
    return f"{np.mean(values):.4f} ± {reach:.4f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("parts", nargs="+", choices=list(PARTS))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=200_000)
    parser.add_argument("--updates", type=int, default=4)
    parser.add_argument("--judged", type=int, default=1_000)
    parser.add_argument("--logged", type=int, default=40_000)
    parser.add_argument("--offline", default="slate_q", choices=list(LEARNERS))
    parser.add_argument("--offline-updates", type=int, default=3_000)
    parser.add_argument("--delights", type=float, default=SessionRules().delights)
    parser.add_argument("--bandits", default=",".join(BANDITS))
    parser.add_argument("--learners", default=",".join(LEARNERS))
    parser.add_argument("--folder", type=Path, default=Path("equipoise-data/reinforcement"))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    return options


if __name__ == "__main__":
    main()
