"""Reward per slate of three policies on the same simulated shoppers, before and after their world changes.

    python benchmarks/demo_reward.py --seeds 5 --json demo_reward.json

The shop is the demo's: real orders, held-back items that arrive at 40 % of the slates, when one segment's
taste moves too. Each policy learns from its own slates alone, in batches of 20 whose rewards come a
batch late. A seed gives who visits and their luck, the same for each policy. Finished runs are kept in
`--folder`, so that a stopped benchmark goes on where it was.
"""

import argparse
import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from equipoise.artifact import load_artifact, save_artifact
from equipoise.balance.registry import named
from equipoise.data.split import days_before_end, split_by_time
from equipoise.errors import ArtifactError
from equipoise.events.online_retail import read_online_retail
from equipoise.models.fusion.blend import Blend, weigh
from equipoise.models.learner import Scorer
from equipoise.policies.policy import Policy
from equipoise.random import derive
from equipoise.recommenders import Recommender
from equipoise.recommenders.prior import fit_prior
from equipoise.recommenders.recipes.shop import shop
from equipoise.simulation import Era, Population, ShopEnvironment, live

POLICIES = ("balanced", "bank_greedy", "lin_boltzmann", "lin_greedy", "greedy", "uniform")
CHANGE = 0.4
HELD_BACK_AFTER = datetime(2011, 10, 1, tzinfo=UTC)
PRIOR_USERS = 500
SEED = 7
"""Of the shop: its models and its shoppers' tastes."""


def main() -> None:
    options = _options()
    people = population(options.folder)
    recommender = replace(trained(people, options.folder), newcomers=options.newcomers)
    runs = [
        run(people, recommender, policy, seed, options.slates, options.folder)
        for seed in range(options.seeds)
        for policy in POLICIES
    ]
    figures = summary(runs, options.slates)
    print(table(figures))
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1))


def population(folder: Path) -> Population:
    orders = read_online_retail(folder, hold_back_after=HELD_BACK_AFTER)
    people = Population.of(orders.items, orders.events, orders.held_items, orders.held_events, seed=SEED)
    print(f"{len(people.users)} shoppers, {people.n_known} items, {len(people.held_back)} held back")
    return people


def trained(people: Population, folder: Path) -> Recommender:
    """Fit the demo's models as training does, or load them where an earlier run left them."""
    kept = folder / "recommender"
    with suppress(ArtifactError):  # absent, or saved by another version
        return load_artifact(Recommender, kept)
    began = time.perf_counter()
    orders = people.known_orders()
    split = split_by_time(orders, days_before_end(orders, 28.0))
    learners = Blend().learners
    early: dict[str, Scorer] = {
        name: learner.fit(split.train, rng=derive(SEED, "fit", name)) for name, learner in learners.items()
    }
    weights = weigh(early, split.unseen, rng=derive(SEED, "weights"))
    nobody = named("uniform").start(0)
    asked = split.unseen.first(PRIOR_USERS)
    prior = fit_prior(
        shop(early, weights, split.train, nobody),
        _of_known(people),
        asked.histories,
        asked.targets,
        now=split.at,
    )
    final = {name: learner.fit(orders, rng=derive(SEED, "fit", name)) for name, learner in learners.items()}
    recommender = shop(final, weights, orders, nobody, prior_mean=prior)
    save_artifact(recommender, kept)
    print(f"models fitted in {time.perf_counter() - began:.0f} s, weights {weights}")
    return recommender


def run(
    people: Population, recommender: Recommender, policy: str, seed: int, slates: int, folder: Path
) -> dict[str, Any]:
    """Let `policy` live through one seed, or read what an earlier run of the same kept."""
    kept = folder / f"{_name(policy)}-{recommender.newcomers:g}-{slates}-{seed}.json"
    if kept.exists():
        return {"policy": policy, "seed": seed, **json.loads(kept.read_text())}
    began = time.perf_counter()
    started = start(policy, recommender)
    steps = list(live(environment(people, recommender, seed, slates), started, slates=slates))
    figures = {
        what: _before_and_after(np.concatenate([getattr(step, what) for step in steps]), slates)
        for what in ("rewards", "expected", "best", "explored")
    }
    arrivals = np.concatenate([(step.items >= people.n_known).mean(axis=1) for step in steps])
    found = {**figures, "arrivals": _before_and_after(arrivals, slates)}
    kept.write_text(json.dumps(found))
    after = found["expected"][1]
    print(f"seed {seed} {policy:14s} {after:.4f} after the change, {time.perf_counter() - began:.0f} s")
    return {"policy": policy, "seed": seed, **found}


def start(policy: str, recommender: Recommender) -> Policy:
    started: Policy = named(policy).start(len(recommender.features), recommender.prior_mean)
    return started


def environment(people: Population, recommender: Recommender, seed: int, slates: int) -> ShopEnvironment:
    everything = np.ones(len(people.items), np.bool_)
    return ShopEnvironment(
        recommender=recommender,
        eras=(
            Era(start=0, shoppers=people.shoppers, catalogue=people.catalogue),
            Era(
                start=int(CHANGE * slates),
                shoppers=people.changed(),
                catalogue=replace(people.catalogue, available=everything),
            ),
        ),
        histories=people.histories(),
        seed=seed,
    )


def summary(runs: Sequence[dict[str, Any]], slates: int) -> dict[str, Any]:
    """Return means over seeds with 95 % intervals (Student's t), and differences paired by seed."""
    by = {name: [each for each in runs if each["policy"] == name] for name in POLICIES}
    phases = ("before", "after")
    policies = {
        name: {
            phase: {what: _interval([each[what][place] for each in found]) for what in _WHAT}
            for place, phase in enumerate(phases)
        }
        for name, found in by.items()
    }
    first = by[POLICIES[0]]
    differences = {
        f"{POLICIES[0]} - {other}": {
            phase: {
                what: _interval(
                    [a[what][place] - b[what][place] for a, b in zip(first, by[other], strict=True)]
                )
                for what in ("expected", "rewards")
            }
            for place, phase in enumerate(phases)
        }
        for other in POLICIES[1:]
    }
    return {
        "env": "demo shop",
        "rounds": slates,
        "change_at": int(CHANGE * slates),
        "seeds": len(first),
        "policies": policies,
        "differences": differences,
    }


_WHAT = ("rewards", "expected", "best", "explored", "arrivals")


def table(figures: dict[str, Any]) -> str:
    lines = ["", f"{'reward per slate':34s}{'before':>26s}{'after':>26s}{'explored':>10s}"]
    for name, phases in figures["policies"].items():
        cells = [_cell(phases[phase]["expected"]) for phase in ("before", "after")]
        lines.append(f"{name:34s}{cells[0]:>26s}{cells[1]:>26s}{phases['after']['explored']['mean']:10.2f}")
    for name, phases in figures["differences"].items():
        cells = [_cell(phases[phase]["expected"]) for phase in ("before", "after")]
        lines.append(f"{name:34s}{cells[0]:>26s}{cells[1]:>26s}")
    return "\n".join(lines)


def _cell(interval: dict[str, float]) -> str:
    return f"{interval['mean']:.4f} [{interval['low']:.4f}, {interval['high']:.4f}]"


def _interval(values: Sequence[float]) -> dict[str, float]:
    mean, n = float(np.mean(values)), len(values)
    error = float(stats.sem(values)) if n > 1 else float("nan")
    reach = float(stats.t.ppf(0.975, n - 1)) * error if n > 1 else float("nan")
    return {"mean": mean, "low": mean - reach, "high": mean + reach}


def _before_and_after(values: Any, slates: int) -> list[float]:
    at = int(CHANGE * slates)
    return [float(values[:at].mean()), float(values[at:].mean())]


def _name(policy: str) -> str:
    return "".join(c if c.isalnum() or c in "._=" else "_" for c in repr(named(policy)))


def _of_known(people: Population) -> Any:
    n = people.n_known
    whole = people.catalogue
    return replace(
        whole,
        prices=whole.prices[:n],
        arrived=whole.arrived[:n],
        available=whole.available[:n],
        content=whole.content[:n],
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--slates", type=int, default=10_000)
    parser.add_argument("--newcomers", type=float, default=0.01)
    parser.add_argument("--folder", type=Path, default=Path("equipoise-data/demo-reward"))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    return options


if __name__ == "__main__":
    main()
