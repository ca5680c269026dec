"""Sequence models on Amazon reviews, leave-one-out: nets by losses, with and without what is known of items.

    PYTHONPATH=src OMP_NUM_THREADS=1 python benchmarks/sequences.py      # what has not been measured yet
    PYTHONPATH=src OMP_NUM_THREADS=1 python benchmarks/sequences.py --runs gru --seeds 1
    PYTHONPATH=src OMP_NUM_THREADS=1 python benchmarks/sequences.py --data Sports_and_Outdoors
    PYTHONPATH=src python benchmarks/sequences.py --table                # what is kept, as a table

The last item of each user is asked for, given all before it; models are fitted without the last two, and
stop by users kept back from what is left. All items are ranked, seen ones excluded. Settings were chosen by
the item before the last (`validation` in the results), which is asked for given what is before it; the test
is looked at once. A stopped training goes on from its last epoch; results are kept line by line.
"""

import argparse
import json
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from equipoise.data.dataset import Dataset
from equipoise.data.foreign import read_dataset
from equipoise.data.split import HeldOut
from equipoise.data.splits.last import LeaveLastOut
from equipoise.models import Scorer
from equipoise.models.neural import checkpoints_in
from equipoise.models.neural.sequence_learner import SequenceLearner
from equipoise.progress import watched_by
from equipoise.random import derive
from sequences_runs import RUNS, SHORT_NETS, Run

RESULTS = Path(__file__).parent / "results" / "sequences.jsonl"
K = 10


def main() -> None:
    options = _options()
    if options.table:
        rows = list(kept(options.out))
        print("\n\n".join([table(rows), *("\n".join(lines) for lines in small_budgets(rows).values())]))
        return
    folder = Path(os.environ.get("EQUIPOISE_DATA", "../shared/data")) / "amazon"
    data = read_dataset(str(folder / f"{options.data}.txt"))
    for seed in range(1, options.seeds + 1):
        for name in options.runs:
            asked = {"data": options.data, "run": name, "seed": seed}
            if not any(asked.items() <= row.items() for row in kept(options.out)):
                row = {**asked, **measured(RUNS[name], data, seed, options.checkpoints / options.data / name)}
                with options.out.open("a") as out:
                    out.write(json.dumps(row) + "\n")
                print(json.dumps(row), flush=True)


def measured(run: Run, data: Dataset, seed: int, folder: Path) -> dict[str, Any]:
    """Fit and ask once."""
    learner, parts = run.learner(data), LeaveLastOut().hold_out(data.interactions)
    epochs: list[int] = []
    cpu, wall = process_time(), perf_counter()
    scorer = fitted(learner, data, seed, folder, epochs)
    cost = {"fit_cpu_seconds": round(process_time() - cpu), "fit_seconds": round(perf_counter() - wall)}
    twin = LeaveLastOut().twin.hold_out(parts.past)
    return {
        "validation": accuracy(scorer, twin.asked),
        "test": accuracy(scorer, parts.asked),
        "epochs": max(epochs, default=0),
        "epochs_timed": len(epochs),
        **cost,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "net": learner.name,
        "settings": run.told(learner),
    }


def fitted(learner: SequenceLearner, data: Dataset, seed: int, folder: Path, epochs: list[int]) -> Scorer:
    """Fit `learner`, or take up its training in `folder`; `epochs` is told the number of each one passed."""

    def watch(what: str, done: int, total: int, note: str) -> None:
        epochs.append(done)
        print(f"{folder.name} seed {seed}: epoch {done} of {total}, {note}", flush=True)

    train = LeaveLastOut().hold_out(data.interactions).train
    with checkpoints_in(folder / str(seed)), watched_by(watch):
        return learner.fit(train, rng=derive(seed, "sequences", learner.name))


def accuracy(scorer: Scorer, asked: HeldOut) -> dict[str, float]:
    """Return HR@10 and NDCG@10 of questions with one answer each."""
    best = scorer.top(asked.histories, K).items
    hit, rank = np.nonzero(best == asked.targets.items[:, None])
    gained = float((1 / np.log2(rank + 2)).sum())
    return {f"hr@{K}": round(len(hit) / len(asked), 5), f"ndcg@{K}": round(gained / len(asked), 5)}


def table(rows: list[dict[str, Any]]) -> str:
    """Return a row a run: the mean over its seeds, on the test and on validation."""
    lines = [
        "| data | run | HR@10 | NDCG@10 | validation | seeds | epochs | CPU s | MB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for data, name in dict.fromkeys((row["data"], row["run"]) for row in rows):
        own = [row for row in rows if (row["data"], row["run"]) == (data, name)]
        test, validation = (
            [np.mean([row[part][metric] for row in own]) for metric in (f"hr@{K}", f"ndcg@{K}")]
            for part in ("test", "validation")
        )
        epochs, memory = (np.mean([row[what] for row in own]) for what in ("epochs", "peak_memory_mb"))
        cpu = mean_cost(own)
        lines.append(
            f"| {data} | {name} | {test[0]:.4f} | {test[1]:.4f} | {validation[0]:.4f} / {validation[1]:.4f} "
            f"| {len(own)} | {epochs:.0f} | {cpu:.0f} | {memory:.0f} |"
        )
    return "\n".join(lines)


def small_budgets(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return the rows of the guide's tables of short runs: `nets` by losses, and one `change` at a time."""
    told: dict[str, list[str]] = {"nets": [], "change": []}
    for row in rows:
        short, _, name = row["run"].partition("short ")
        net, _, rest = name.partition(", ")
        if not short and name in SHORT_NETS:
            told["nets"].append(f"| `{net}`, {rest} | {_figures(row)} |")
        elif not short:
            told["change"].append(f"| {rest} | {_figures(row)} |")
    return told


def _figures(row: dict[str, Any]) -> str:
    test, validation = (
        [f"{row[part][f'{metric}@{K}']:.4f}".lstrip("0") for metric in ("hr", "ndcg")]
        for part in ("test", "validation")
    )
    cost, timed = str(row["fit_cpu_seconds"]), row.get("epochs_timed", row["epochs"])
    # A training taken up in the middle tells what its last epochs took.
    cost += "" if timed == row["epochs"] else f" for the last {timed} epochs"
    return f"{' | '.join(test)} | {' / '.join(validation)} | {cost}"


def mean_cost(rows: list[dict[str, Any]]) -> float:
    """Return the mean CPU seconds of the trainings that were not taken up in the middle."""
    whole = [
        row["fit_cpu_seconds"] for row in rows if row["epochs"] == row.get("epochs_timed", row["epochs"]) > 0
    ]
    return float(np.mean(whole)) if whole else float("nan")


def kept(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the results in `path`, none where there is no such file."""
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            # A line cut short by a kill is measured again.
            continue


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", nargs="+", default=list(RUNS), choices=list(RUNS))
    parser.add_argument("--data", default="Beauty", choices=["Beauty", "Sports_and_Outdoors"])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--checkpoints", type=Path, default=Path("/tmp/equipoise-sequences"))
    parser.add_argument("--table", action="store_true", help="measure nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main()
