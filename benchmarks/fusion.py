"""Models made of models, beside the best of their parts, by full ranking on real data.

    PYTHONPATH=src EQUIPOISE_DATA=../shared/data python benchmarks/fusion.py --data beauty,online-retail

`beauty` (Amazon Beauty, 5-core): the last item of each user tests, the one before validates. Every model is
fitted without the validation item; the history at the test is all but the last item. `online-retail`: the
last 28 days test, on items new to the user. What is in the history is not recommended again. Settings are
chosen with --stage validation, one step earlier in time: fitted without the last three items (the last 56
days), asked for the second last (the 28 days before the last 28). A model made of models finds its weights or
trees inside what it is given to fit. Seeds change ties, the users drawn, and the trees; the parts have no
randomness.
"""

import argparse
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.data.foreign import read_dataset
from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.split import HeldOut, days_before_end, split_by_time
from equipoise.evaluation.ranking import Ranking, evaluate_ranking
from equipoise.evaluation.ranking.intervals import NORMAL_95
from equipoise.models import EASE, Blend, ItemKNN, Learner, Popularity, ReciprocalRank, Scorer, Stacking
from equipoise.models.fusion.trees import Growth
from equipoise.random import derive
from equipoise.types import Floats

CHOSEN = "blend equal,blend,reciprocal_rank k=5,reciprocal_rank,stacking"
"""What is tested: the rest were for choosing settings on the validation stage."""
SEEDED = ("blend", "stacking")
"""What has randomness of its own; the others are run once."""
SHOWN = ("ndcg@10", "hr@10", "recall@20")


@dataclass(frozen=True, slots=True)
class Task:
    """What models are fitted on, what they are asked, and the parts that suit it."""

    data: Interactions
    asked: HeldOut
    parts: Mapping[str, Learner]


@dataclass(frozen=True, slots=True)
class Once:
    """A learner that fits the same data once: `kept` by the size and the sum of the codes."""

    learner: Learner
    kept: dict[tuple[int, int], Scorer] = field(default_factory=dict)

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> Scorer:
        """Return what was fitted on these data before, if anything was."""
        key = (len(data), int(data.items.sum()))
        if key not in self.kept:
            self.kept[key] = self.learner.fit(data, rng=rng)
        return self.kept[key]


def main() -> None:
    options = _options()
    results = []
    for name in options.data.split(","):
        task = TASKS[name](options.stage)
        if options.users is not None:
            task = replace(task, asked=_some(task.asked, options.users))
        rows = list(measured(task, [each for each in options.only.split(",") if each], options.seeds))
        results += [{"data": name, "stage": options.stage, **row} for row in rows]
        print(
            f"\n{name}, {options.stage}: {len(task.asked):,} users\n\n" + "\n".join(table(rows)), flush=True
        )
    if options.out is not None:
        options.out.write_text(json.dumps(results, indent=1) + "\n")


def contestants(parts: Mapping[str, Learner]) -> dict[str, Learner]:
    """Return what is compared: the parts alone, and all ways of making one of them."""
    equal = dict.fromkeys(parts, 1.0)
    return {
        **parts,
        "blend equal": Blend(learners=parts, weights=equal),
        "blend": Blend(learners=parts),
        "reciprocal_rank k=5": ReciprocalRank(learners=parts, k=5),
        "reciprocal_rank k=20": ReciprocalRank(learners=parts, k=20),
        "reciprocal_rank": ReciprocalRank(learners=parts),
        "stacking": Stacking(learners=parts),
        "stacking 4 leaves": Stacking(learners=parts, growth=Growth(leaves=4)),
        "stacking 15 leaves": Stacking(learners=parts, growth=Growth(leaves=15)),
        "stacking 40 candidates": Stacking(learners=parts, candidates=40),
    }


def measured(task: Task, only: Sequence[str], seeds: int) -> Iterator[dict[str, Any]]:
    """Yield a row of figures a model; `over` is its gain in ndcg@10 over the best part, ± half."""
    best: Floats | None = None
    for name, learner in contestants(task.parts).items():
        if only and name not in only and name not in task.parts:
            continue
        runs = [_run(name, learner, task, seed) for seed in range(seeds if name in SEEDED else 1)]
        ndcg = np.mean([run.per_user["ndcg@10"] for _, run, _ in runs], axis=0)
        if name in task.parts:
            best = ndcg if best is None or ndcg.mean() > best.mean() else best
        gain = ndcg - best
        yield {
            "model": name,
            "seeds": len(runs),
            "metrics": {m: [round(run.means()[m], 5) for _, run, _ in runs] for m in runs[0][1].means()},
            "over": [float(gain.mean()), NORMAL_95 * float(gain.std()) / len(gain) ** 0.5],
            "fit_cpu_seconds": round(float(np.mean([fit for fit, _, _ in runs])), 2),
            "score_cpu_seconds": round(float(np.mean([score for _, _, score in runs])), 2),
        }


def _run(name: str, learner: Learner, task: Task, seed: int) -> tuple[float, Ranking, float]:
    started = time.process_time()
    scorer = learner.fit(task.data, rng=derive(seed, "fit", name))
    fitted = time.process_time()
    if hasattr(scorer, "weights") and isinstance(scorer.weights, dict):
        print(f"  {name}, seed {seed}: {scorer.weights}", flush=True)
    ranking = evaluate_ranking(scorer, task.asked, ks=(10, 20), rng=derive(seed, "ties"))
    return fitted - started, ranking, time.process_time() - fitted


def table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return Markdown: the mean over seeds of each metric, and the gain over the best single model."""
    lines = [f"| model | {' | '.join(SHOWN)} | over the best part (95 %) | fit, CPU s |", "|---" * 6 + "|"]
    for row in rows:
        cells = [f"{np.mean(row['metrics'][metric]):.4f}" for metric in SHOWN]
        gain, half = row["over"]
        cells += [f"{gain:+.4f} ± {half:.4f}", f"{row['fit_cpu_seconds']:.1f}"]
        lines.append(f"| {row['model']} | {' | '.join(cells)} |")
    return lines


def beauty(stage: str) -> Task:
    """Return Beauty with its last item asked, or its second last."""
    later = {"test": 1, "validation": 2}[stage]
    rows = _sequences(_folder() / "amazon" / "Beauty.txt")
    n_items = max(max(row) for row in rows) + 1
    asked = HeldOut(
        users=np.arange(len(rows)),
        histories=Histories.of([row[:-later] for row in rows]),
        targets=Histories.of([[row[-later]] for row in rows]),
        values=np.zeros(len(rows)),
    )
    parts: dict[str, Learner] = {
        "popularity": Popularity(half_life_days=np.inf),
        "item_knn": ItemKNN(n_neighbors=100, shrinkage=10.0, decay=0.7),
        "ease": EASE(reg=100.0, decay=0.7, fit_decay=0.7),
    }
    data = _interactions([row[: -later - 1] for row in rows], n_items)
    return Task(data, asked, {name: Once(learner) for name, learner in parts.items()})


def online_retail(stage: str) -> Task:
    """Return the shop's last 28 days asked, or the 28 before them."""
    data = read_dataset("online-retail").interactions
    if stage == "validation":
        data = data.where(data.times < days_before_end(data, 28))
    split = split_by_time(data, days_before_end(data, 28))
    parts: dict[str, Learner] = {
        "popularity": Popularity(),
        "item_knn": ItemKNN(),
        "ease": EASE(reg=300.0),
    }
    return Task(split.train, split.unseen, {name: Once(learner) for name, learner in parts.items()})


def _some(asked: HeldOut, users: int) -> HeldOut:
    return asked.take(np.sort(derive(0, "users").permutation(len(asked))[:users]))


TASKS = {"beauty": beauty, "online-retail": online_retail}


def _sequences(path: Path) -> list[list[int]]:
    return [[int(code) - 1 for code in line.split()[1:]] for line in path.read_text().splitlines()]


def _interactions(rows: list[list[int]], n_items: int) -> Interactions:
    lengths = [len(row) for row in rows]
    return Interactions(
        users=np.repeat(np.arange(len(rows)), lengths),
        items=Histories.of(rows).items,
        times=np.concatenate([np.arange(length) for length in lengths]),
        weights=np.ones(sum(lengths)),
        values=np.zeros(sum(lengths)),
        n_users=len(rows),
        n_items=n_items,
    )


def _folder() -> Path:
    return Path(os.environ.get("EQUIPOISE_DATA", "../shared/data"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default="beauty,online-retail")
    parser.add_argument("--stage", choices=("validation", "test"), default="test")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", default=CHOSEN, help="comma-separated; the parts are always measured")
    parser.add_argument("--users", type=int, help="ask so many, drawn at random; all if not given")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
