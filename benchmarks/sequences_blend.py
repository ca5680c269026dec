"""A sequence model blended with SLIST, told of the same content: the packaged blend, weights by validation.

    PYTHONPATH=src OMP_NUM_THREADS=1 python benchmarks/sequences_blend.py --run "gated_sasrec + content"

After `benchmarks/sequences.py`, whose trainings are taken up at their end. Both models are fitted without the
last two items; the weights are fitted to the item before the last, and the test is looked at once.
"""

import argparse
import json
import os
from pathlib import Path
from time import process_time
from typing import Any

from equipoise.data.dataset import Dataset
from equipoise.data.foreign import read_dataset
from equipoise.data.splits.last import LeaveLastOut
from equipoise.models import SLIST
from equipoise.models.fusion.blend import BlendScorer, weigh
from equipoise.random import derive
from sequences import accuracy, fitted, kept
from sequences_runs import RUNS

RESULTS = Path(__file__).parent / "results" / "sequences_blend.jsonl"
CONTENT_WEIGHT = {"Beauty": 1.5, "Sports_and_Outdoors": 1.0}
"""The settings of SLIST that docs/guide/models/linear.md measures."""


def main() -> None:
    options = _options()
    folder = Path(os.environ.get("EQUIPOISE_DATA", "../shared/data")) / "amazon"
    data = read_dataset(str(folder / f"{options.data}.txt"))
    for seed in range(1, options.seeds + 1):
        asked = {"data": options.data, "run": options.run, "seed": seed}
        if not any(asked.items() <= row.items() for row in kept(options.out)):
            row = {**asked, **measured(data, options, seed)}
            with options.out.open("a") as out:
                out.write(json.dumps(row) + "\n")
            print(json.dumps(row), flush=True)


def measured(data: Dataset, options: argparse.Namespace, seed: int) -> dict[str, Any]:
    """Return the figures of the linear model and of the blend."""
    begun = process_time()
    parts = LeaveLastOut().hold_out(data.interactions)
    validation = LeaveLastOut().twin.hold_out(parts.past).asked
    net = fitted(
        RUNS[options.run].learner(data), data, seed, options.checkpoints / options.data / options.run, []
    )
    linear = SLIST(
        reg=100.0,
        consistency=0.5,
        content=data.content,
        content_weight=CONTENT_WEIGHT[options.data],
    ).fit(parts.train, rng=derive(seed, "slist"))
    scorers = {"net": net, "slist": linear}
    weights = weigh(scorers, validation, rng=derive(seed, "weights"))
    blend = BlendScorer(scorers=scorers, weights=weights)
    return {
        "weights": weights,
        "test": {"slist": accuracy(linear, parts.asked), "blend": accuracy(blend, parts.asked)},
        "cpu_seconds": round(process_time() - begun),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default="Beauty", choices=list(CONTENT_WEIGHT))
    parser.add_argument("--run", default="gated_sasrec + content", choices=list(RUNS))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--checkpoints", type=Path, default=Path("/tmp/equipoise-sequences"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
