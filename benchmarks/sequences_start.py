"""Where the biases of the items start: at the least of each loss, or at the logarithm of the shares for all.

    PYTHONPATH=src OMP_NUM_THREADS=1 python benchmarks/sequences_start.py
    PYTHONPATH=src python benchmarks/sequences_start.py --table          # what is kept, as a table

Four epochs of the short run of `sasrec` on Amazon Beauty, asked for the item before the last of each user.
Each takes ten seconds; results are kept line by line.
"""

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time
from typing import Any
from unittest.mock import patch

from torch import Tensor

from equipoise.data.dataset import Dataset
from equipoise.data.foreign import read_dataset
from equipoise.data.splits.last import LeaveLastOut
from equipoise.models.neural import objective
from equipoise.models.neural.losses import LOSSES, Contest, Loss
from equipoise.random import derive
from equipoise.types import Floats
from sequences import accuracy, kept
from sequences_runs import RUNS

RESULTS = Path(__file__).parent / "results" / "sequences_start.jsonl"
EPOCHS = 4
STARTS = ("shares", "least")


@dataclass(frozen=True, slots=True)
class FromShares:
    """`loss`, begun as softmax is."""

    loss: Loss

    def __call__(self, contest: Contest) -> Tensor:
        """Return that of `loss`, (p,)."""
        return self.loss(contest)

    def start(self, shares: Floats, counts: Floats) -> Floats:
        """Return the logarithm of the shares, (n_items,)."""
        return LOSSES["softmax"].start(shares, counts)


def main() -> None:
    options = _options()
    if not options.table:
        folder = Path(os.environ.get("EQUIPOISE_DATA", "../shared/data")) / "amazon"
        data = read_dataset(str(folder / "Beauty.txt"))
        for loss in options.losses:
            for start in STARTS:
                asked = {"loss": loss, "start": start, "seed": options.seed}
                if not any(asked.items() <= row.items() for row in kept(options.out)):
                    row = {**asked, **measured(data, loss, start, options.seed)}
                    with options.out.open("a") as out:
                        out.write(json.dumps(row) + "\n")
                    print(json.dumps(row), flush=True)
    print(table(list(kept(options.out))))


def measured(data: Dataset, loss: str, start: str, seed: int) -> dict[str, Any]:
    """Fit from `start` and ask for the validation items."""
    learner = replace(RUNS[f"short sasrec, {loss}"].learner(data), epochs=EPOCHS)
    parts, begun = LeaveLastOut().hold_out(data.interactions), process_time()
    with begun_at(start):
        scorer = learner.fit(parts.train, rng=derive(seed, "sequences", learner.name))
    spent = process_time() - begun
    asked = LeaveLastOut().twin.hold_out(parts.past).asked
    return {"epochs": EPOCHS, "validation": accuracy(scorer, asked), "fit_cpu_seconds": round(spent, 1)}


@contextmanager
def begun_at(start: str) -> Iterator[None]:
    """Let every loss inside begin at the `shares`, or where it is `least`."""
    changed = {name: FromShares(loss) for name, loss in LOSSES.items()} if start == "shares" else LOSSES
    with patch.object(objective, "LOSSES", changed):
        yield


def table(rows: list[dict[str, Any]]) -> str:
    """Return a row a loss: HR@10 and NDCG@10 from either start."""
    lines = ["| loss | from the shares | from the least of the loss |", "|---|---|---|"]
    for loss in dict.fromkeys(row["loss"] for row in rows):
        found = {row["start"]: row["validation"] for row in rows if row["loss"] == loss}
        cells = [
            " / ".join(f"{figure:.4f}" for figure in found[start].values())
            for start in STARTS
            if start in found
        ]
        lines.append(f"| {loss} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--losses", nargs="+", default=["bce", "gbce", "bpr_max"], choices=list(LOSSES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--table", action="store_true", help="measure nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main()
