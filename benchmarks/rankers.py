"""Rankers on three data sets: what comes of an impression, predicted for later ones.

    PYTHONPATH=src EQUIPOISE_DATA=../shared/data python benchmarks/rankers.py --data kuairand

Rows are cut by time: 70 % to learn from, 15 % to choose settings on (`--stage tune`), the newest 15 % tested
once with the settings chosen, fitted on all rows before it. Each target's metrics have intervals by a
bootstrap of users, and differences to LightGBM by the same draws. Results are kept by line: a stopped run
goes on.
"""

import argparse
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import numpy as np

from equipoise.data.impressions import RankingRows, by_time, read_rows
from equipoise.evaluation.prediction import METRICS, Judge
from equipoise.models.rankers import Calibrated, Ensemble, RankerLearner
from equipoise.models.rankers.registry import configured
from equipoise.training.rank import NamedRanker, Ranked, judges, rank
from equipoise.types import Floats

RESULTS = Path(__file__).parent / "results" / "rankers.jsonl"
DATA = {"kuairand": ("click", "long_view"), "online-retail": ("return", "refund"), "open-bandit": ("click",)}
PEER = "lightgbm"
NOTHING_DRAWN = ("mean_rate", "logistic")
"""Models that are the same under each seed."""
GRID: Mapping[str, list[dict[str, Any]]] = {
    "logistic": [{"reg": 30.0}, {"reg": 100.0}, {"reg": 10.0}],
    "lightgbm": [
        {},
        {"leaves": 15},
        {"learning_rate": 0.03, "min_rows": 200, "l2": 10.0},
        {"learning_rate": 0.03, "columns": 0.3, "leaves": 63, "min_rows": 200},
    ],
    "polynomial": [{}, {"degree": 2}, {"degree": 5}],
    "dcn_v2": [{}, {"reg": 10.0, "dropout": 0.4, "embedding_size": 4, "width": 64}],
    "deep_fm": [{}],
    "lstm_ranker": [{}],
}
"""Settings tried; the first are the defaults."""
CHOSEN: Mapping[str, Mapping[str, dict[str, Any]]] = {
    "kuairand": {"lightgbm": {"leaves": 15}},
    "online-retail": {},
    "open-bandit": {},
}
"""Settings of least log-loss on validation, where they are not the defaults."""


def contestants(data: str) -> Mapping[str, RankerLearner]:
    """Return what is compared on `data`, the peer first."""
    chosen = {name: CHOSEN[data].get(name, {}) for name in GRID}
    made = {name: configured(name, settings) for name, settings in chosen.items()}
    more: dict[str, RankerLearner] = {
        "mean_rate": configured("mean_rate", {}),
        "dcn_v2, mmoe": configured("dcn_v2", {**chosen["dcn_v2"], "head": "mmoe"}),
        "dcn_v2, platt": Calibrated(learner=made["dcn_v2"]),
        "dcn_v2, isotonic": Calibrated(learner=made["dcn_v2"], method="isotonic"),
        "ensemble of dcn_v2, lightgbm": Ensemble(learners={name: made[name] for name in ("dcn_v2", PEER)}),
    }
    return {PEER: made[PEER], **made, **more}


def main() -> None:
    options = _options()
    folder = Path(os.environ.get("EQUIPOISE_DATA", "../shared/data")) / options.data
    read = read_rows(str(folder))
    rows = read.rows.only(DATA[options.data])
    parts = by_time(rows, gap_days=read.label_days)
    if options.stage == "tune":
        _tune(options, parts.train, parts.validation)
        return
    train = rows.known_before(int(parts.test.times[0]), gap_days=read.label_days)
    print(f"{len(train):,} rows to learn from, {len(parts.test):,} asked", flush=True)
    _test(options, train, parts.test)
    _print(options)


def _tune(options: argparse.Namespace, train: RankingRows, asked: RankingRows) -> None:
    for name, grid in GRID.items():
        if options.models and name not in options.models:
            continue
        for settings in grid:
            label = f"{name} {settings}"
            if _has(options, label, 0):
                continue
            named = NamedRanker(label=label, learner=configured(name, settings))
            (found,) = rank(train, asked, [named], seeds=[0], draws=0)
            _keep(options, found, {})


def _test(options: argparse.Namespace, train: RankingRows, asked: RankingRows) -> None:
    by_target = judges(asked)
    for seed in range(options.seeds):
        peer = _Peer(options, train, asked, seed)
        for label, learner in contestants(options.data).items():
            wanted = not options.models or label in options.models or label == PEER
            drawn = seed == 0 or label not in NOTHING_DRAWN
            if not (wanted and drawn) or _has(options, label, seed):
                continue
            (found,) = rank(train, asked, [NamedRanker(label=label, learner=learner)], seeds=[seed])
            if label == PEER:
                peer.keep(found.predicted)
            _keep(options, found, _apart(found, peer.predicted(), by_target))


@dataclass(frozen=True, slots=True)
class _Peer:
    """What the peer predicted under `seed`, kept beside the results for runs that go on from them."""

    options: argparse.Namespace
    train: RankingRows
    asked: RankingRows
    seed: int

    @property
    def path(self) -> Path:
        return Path(self.options.scratch / f"{self.options.data}-{self.seed}-{PEER}.npy")

    def keep(self, predicted: Floats) -> None:
        self.options.scratch.mkdir(parents=True, exist_ok=True)
        np.save(self.path, predicted)

    def predicted(self) -> Floats:
        """Return what is kept, (rows, targets); where nothing is, the peer is fitted once more."""
        if not self.path.exists():
            named = NamedRanker(label=PEER, learner=contestants(self.options.data)[PEER])
            (found,) = rank(self.train, self.asked, [named], seeds=[self.seed], draws=0)
            self.keep(found.predicted)
        return np.asarray(np.load(self.path))


def _apart(found: Ranked, peer: Floats, by_target: Mapping[str, Judge]) -> dict[str, Any]:
    """Return how much each metric of each target differs from the peer's, with what the draws lie between."""
    return {
        target: {
            name: [round(figure.value, 6), round(figure.low, 6), round(figure.high, 6)]
            for name, figure in judge.differences(found.predicted[:, at], peer[:, at]).items()
        }
        for at, (target, judge) in enumerate(by_target.items())
    }


def _lines(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    for line in options.out.read_text().splitlines() if options.out.exists() else []:
        if line.endswith("}"):
            found = json.loads(line)
            if (found["data"], found["stage"]) == (options.data, options.stage):
                yield found


def _has(options: argparse.Namespace, label: str, seed: int) -> bool:
    return any((found["model"], found["seed"]) == (label, seed) for found in _lines(options))


def _keep(options: argparse.Namespace, found: Ranked, apart: dict[str, Any]) -> None:
    line = {"data": options.data, "stage": options.stage, **found.row(), f"less_{PEER}": apart}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("a") as out:
        out.write(json.dumps(line) + "\n")
    told = {
        target: {name: round(figure["value"] or 0.0, 4) for name, figure in figures.items()}
        for target, figures in line["metrics"].items()
    }
    print(f"{found.model}, seed {found.seed}: {told}, fit {found.fit_seconds:.0f} s", flush=True)


def _print(options: argparse.Namespace) -> None:
    found = list(_lines(options))
    for target in DATA[options.data]:
        print(f"\n| {target} | {' | '.join(METRICS)} | fit minutes | peak MB |")
        print("|---" * (len(METRICS) + 3) + "|")
        for label in dict.fromkeys(one["model"] for one in found):
            runs = [one for one in found if one["model"] == label]
            cells = [_cell(runs, target, name) for name in METRICS]
            minutes = np.mean([one["fit_seconds"] for one in runs]) / 60
            memory = max(one["peak_memory_mb"] for one in runs)
            print(f"| {label} | {' | '.join(cells)} | {minutes:.1f} | {memory:.0f} |")


def _cell(runs: list[dict[str, Any]], target: str, name: str) -> str:
    values = [one["metrics"][target][name]["value"] for one in runs]
    return f"{np.mean(values):.4f} ± {np.std(values):.4f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default="kuairand", choices=sorted(DATA))
    parser.add_argument("--stage", choices=("tune", "test"), default="test")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--models", nargs="*", help="only these, beside the peer")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument(
        "--scratch",
        type=Path,
        default=Path(gettempdir()) / "equipoise-rankers",
        help="the peer's predictions",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
