"""Off-policy estimates against what is true.

    python benchmarks/offpolicy.py open_bandit --json open_bandit.json
    python benchmarks/offpolicy.py coverage --logs 200 --json coverage.json
    python benchmarks/offpolicy.py examples --peer /tmp/peers/bin/python --json examples.json

`open_bandit`: what one policy earns by the other's log, and what it did earn, for both campaigns by position.
`coverage`: on logs whose truth is known, how often intervals hold it, the root mean squared errors as overlap
worsens and as the reward model gets wrong, and what the automatic choice costs. `examples`: the relative
errors on Open Bandit Pipeline's own published examples, by its estimators and by ours (see offpolicy_obp.py
for its environment; the published figures of the synthetic one are of the generator of release 0.5.2).
Finished parts are kept in FILE.partial, and a stopped run goes on.
"""

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.evaluation.offpolicy import (
    LoggedActions,
    MeanRewards,
    RidgeRewards,
    Target,
    Weighed,
    predicted,
)
from equipoise.evaluation.offpolicy.estimate import Interval
from equipoise.evaluation.offpolicy.intervals import Betting, Bootstrap, Normal
from equipoise.evaluation.offpolicy.registry import ESTIMATORS
from equipoise.evaluation.offpolicy.sources.open_bandit import chances_by_position, read_campaign
from offpolicy_obp import PEER
from offpolicy_synthetic import Synthetic

Row = dict[str, Any]
CAMPAIGNS = ("men", "all")
OPEN_BANDIT = ("auto", "ips", "self_normalised", "doubly_robust", "self_normalised_dr", "shrinkage_dr")
COVERED = ("ips", "self_normalised", "doubly_robust", "self_normalised_dr", "auto")
MORE = ("direct_method", "clipped_ips", "clipped_dr", "switch_dr", "shrinkage_dr", "sub_gaussian_dr")
COMPARED = (*COVERED, *MORE)
SHOWN = ("campaign", "log", "target", "position", "estimator", "interval", "value", "low", "high", "truth")
BOOTSTRAP = Bootstrap(samples=2_000)
ROUNDS, SHARPS, WRONGS = 5_000, (0.5, 1.0, 2.0), (0.0, 0.1, 0.4)


def open_bandit() -> Iterator[Row]:
    """Yield the estimates of each policy from the other's log, with the mean that it really had."""
    root = Path(os.environ.get("EQUIPOISE_DATA", "../shared/data")) / "open-bandit"
    for campaign in CAMPAIGNS:
        logs = {policy: read_campaign(root / policy / campaign).log for policy in ("random", "bts")}
        for logging, target in (("random", "bts"), ("bts", "random")):
            table = chances_by_position(logs[target])
            for position in (None, 0, 1, 2):
                yield from _of_position(campaign, logging, target, logs, table, position)


def _of_position(
    campaign: str, logging: str, target: str, logs: dict[str, LoggedActions], table: Any, position: int | None
) -> Iterator[Row]:
    here, there = (_at(logs[name], position) for name in (logging, target))
    assert here.positions is not None
    log = predicted(here, MeanRewards())
    wanted = Target.of(table[here.positions], log)
    truth, spread = float(there.rewards.mean()), float(there.rewards.std()) / len(there) ** 0.5
    ways: list[tuple[str, str, Interval]] = [(name, "bootstrap", BOOTSTRAP) for name in OPEN_BANDIT]
    for name, kind, how in (*ways, ("ips", "betting", Betting())):
        found = replace(ESTIMATORS[name], interval=how).estimate(log, wanted)
        yield {
            "campaign": campaign, "log": logging, "target": target,
            "position": "all" if position is None else position + 1, "estimator": name, "interval": kind,
            "value": found.value, "low": found.low, "high": found.high, "ess": found.ess,
            "truth": truth, "truth_error": spread, "inside": found.low <= truth <= found.high,
        }  # fmt: skip


def _at(log: LoggedActions, position: int | None) -> LoggedActions:
    assert log.positions is not None
    return log if position is None else log.rows(log.positions == position)


def coverage(logs: int) -> Iterator[Callable[[], Row]]:
    """Yield what to do for each world: many logs of it, and every estimator on each."""
    for sharp in SHARPS:
        for wrong in WRONGS:
            yield lambda sharp=sharp, wrong=wrong: _world(sharp, wrong, logs)  # type: ignore[misc]


def _world(sharp: float, wrong: float, logs: int) -> Row:
    world = Synthetic(sharp=sharp)
    truth, hits = world.truth(), dict.fromkeys(COVERED, 0)
    values: dict[str, list[float]] = {name: [] for name in COMPARED}
    for seed in range(logs):
        log, target = world.drawn(ROUNDS, np.random.default_rng(seed))
        rounds = Weighed.of(world.model(log, wrong), target)
        for name in COMPARED:
            how: Interval = Bootstrap(samples=400, seed=seed) if name in COVERED else Normal()
            found = replace(ESTIMATORS[name], interval=how).of(rounds)
            values[name].append(found.value)
            if name in COVERED:
                hits[name] += found.low <= truth <= found.high
    errors = {n: float(np.sqrt(np.mean((np.array(v) - truth) ** 2))) for n, v in values.items()}
    return {
        "sharp": sharp, "wrong": wrong, "logs": logs, "truth": truth, "ess": rounds.ess(),
        "covered": {name: count / logs for name, count in hits.items()}, "rmse": errors,
    }  # fmt: skip


def examples(peer: str, runs: int) -> Iterator[Callable[[], Row]]:
    """Yield what to do for each run of each published example."""
    for name in ("synthetic", "digits"):
        for run in range(runs):
            yield lambda name=name, run=run: _example(peer, name, run)  # type: ignore[misc]


def _example(peer: str, name: str, run: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feedback.npz"
        told = subprocess.run(
            [peer, str(PEER), name, str(run), str(path)], check=True, capture_output=True, text=True
        )
        theirs = json.loads(told.stdout.splitlines()[-1])
        return {"example": name, "run": run, "obp": theirs, "equipoise": our_errors(dict(np.load(path)))}


def our_errors(told: dict[str, Any]) -> dict[str, float]:
    """Return the relative error of each estimator, with the peer's reward model and with ours."""
    log = LoggedActions(
        actions=told["action"],
        rewards=told["reward"].astype(float),
        propensities=told["propensity"],
        n_actions=int(told["n_actions"]),
        contexts=told["context"],
    )
    target, truth, errors = Target.of(told["target"], log), float(told["truth"]), {}
    models = {"its model": log.with_predictions(told["predictions"]), "ridge": predicted(log, RidgeRewards())}
    for model, modelled in models.items():
        rounds = Weighed.of(modelled, target)
        for name, estimator in ESTIMATORS.items():
            value = replace(estimator, interval=Normal()).of(rounds).value
            errors[f"{name}, {model}"] = abs(value - truth) / truth
    return errors


def kept(parts: Iterable[Callable[[], Row]], path: Path) -> list[Row]:
    """Return the rows that `parts` make, those in `path` already not made again."""
    done = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    for number, part in enumerate(parts):
        if number >= len(done):
            done.append(part())
            with path.open("a") as file:
                file.write(json.dumps(done[-1]) + "\n")
            print(json.dumps(done[-1])[:400], flush=True)
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=("open_bandit", "coverage", "examples"))
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--logs", type=int, default=200)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--peer", help="the Python that has Open Bandit Pipeline")
    options = parser.parse_args()
    partial = options.json.with_name(f"{options.json.name}.partial")
    if options.what == "open_bandit":
        rows = list(open_bandit())
        _print(rows, SHOWN)
    elif options.what == "coverage":
        rows = kept(coverage(options.logs), partial)
        print(json.dumps(_regret(rows), indent=2))
    else:
        rows = kept(examples(options.peer, options.runs), partial)
        print(json.dumps(_means(rows), indent=2))
    options.json.write_text(json.dumps(rows, indent=2))
    partial.unlink(missing_ok=True)


def _print(rows: list[Row], columns: tuple[str, ...]) -> None:
    for row in rows:
        print("  ".join(f"{x:.5f}" if isinstance(x := row[name], float) else f"{x!s:>8}" for name in columns))


def _regret(rows: list[Row]) -> Row:
    """Return, over all worlds, the mean error of each estimator over that of the best one there."""
    shares = {name: [row["rmse"][name] / min(row["rmse"].values()) for row in rows] for name in COMPARED}
    return {name: {"mean": float(np.mean(x)), "worst": max(x)} for name, x in shares.items()}


def _means(rows: list[Row]) -> Row:
    """Return the mean relative error of each estimator in each example."""
    told: Row = {}
    for name in ("synthetic", "digits"):
        mine = [row for row in rows if row["example"] == name]
        for whose in ("obp", "equipoise"):
            told[f"{name}, {whose}"] = {
                key: float(np.mean([row[whose][key] for row in mine]))
                for key in (mine[0][whose] if mine else ())
            }
    return told


if __name__ == "__main__":
    main()
