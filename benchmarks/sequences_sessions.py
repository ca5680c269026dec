"""A sequence model and the session models in one stack, on given prefixes of sessions: P@20 and MRR@20.

    PYTHONPATH=src OMP_NUM_THREADS=1 python benchmarks/sequences_sessions.py --data retailrocket-sessions
    PYTHONPATH=src OMP_NUM_THREADS=1 python benchmarks/sequences_sessions.py --parts session_blend

`Stacking` fits the session blend and the network on all but the newest tenth of the training sessions, grows
its trees on `QUESTIONS` of that tenth, and fits both on all of them. Then the stack and its parts are asked
once for the next item of each prefix of the test; what was seen is not left out. An item with the score of
others is placed in the middle of them.
A stopped training goes on from its last epoch; results are kept line by line.
"""

import argparse
import json
from dataclasses import fields, replace
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from time import process_time
from typing import Any

import numpy as np

from equipoise.models import GatedSASRec, Learner, Scorer, Stacking
from equipoise.models.fusion.validation import NewestSessions
from equipoise.models.neural import checkpoints_under
from equipoise.progress import watched_by
from equipoise.random import derive
from sequences import kept
from sessions_data import LEARNERS, Sessions, read

RESULTS = Path(__file__).parent / "results" / "sequences_sessions.jsonl"
K, BLOCK, QUESTIONS = 20, 250, 20_000
UNTOLD = ("content", "patience")
"""Settings of the net that are not told: they are as large as the data, or the number of epochs again."""
EPOCHS = {"retailrocket-sessions": 5, "diginetica-sessions": 3}
NET = GatedSASRec(
    embedding_size=96,
    dropout=0.3,
    length=20,
    repeats=True,
    unit=True,
    negatives="mixed",
    n_negatives=1024,
    batch_items=4000,
    learning_rate=4e-3,
    anneal=True,
    averaging=0.9,
    validation_users=0,
)
"""Chosen, like the epochs, on the last tenth of the training sessions of retailrocket."""


def main() -> None:
    options = _options()
    for seed in range(1, options.seeds + 1):
        asked = {"data": options.data, "seed": seed, "parts": options.parts}
        if not any(asked.items() <= row.items() for row in kept(options.out)):
            row = {**asked, **measured(options, seed)}
            with options.out.open("a") as out:
                out.write(json.dumps(row) + "\n")
            print(json.dumps(row), flush=True)


def measured(options: argparse.Namespace, seed: int) -> dict[str, Any]:
    """Fit the stack, then ask it and its parts once; figures are P@20 and MRR@20 in percent."""
    data, begun, epochs = read(options.data), process_time(), EPOCHS[options.data]
    net = replace(NET, epochs=epochs, patience=epochs)
    parts: dict[str, Learner] = {"session_blend": LEARNERS[options.data]["session_blend"], "net": net}
    learner = Stacking(
        learners={name: parts[name] for name in options.parts},
        later=NewestSessions(0.1),
        users=QUESTIONS,
        repeats=True,
    )
    with checkpoints_under(options.checkpoints / "sessions" / str(seed)), watched_by(_watch):
        scorer = learner.fit(data.train, rng=derive(seed, "stack", options.data))
    models: dict[str, Scorer] = {**scorer.scorers, "stacking": scorer}
    return {
        "test": {name: accuracy(model, data) for name, model in models.items()},
        "settings": {
            each.name: str(getattr(net, each.name)) for each in fields(net) if each.name not in UNTOLD
        },
        "cpu_seconds": round(process_time() - begun),
        "peak_memory_mb": getrusage(RUSAGE_SELF).ru_maxrss // 1024,
    }


def _watch(what: str, done: int, total: int, note: str) -> None:
    if "loss" in note:
        print(f"{what}: epoch {done} of {total}, {note}", flush=True)


def accuracy(model: Scorer, data: Sessions) -> tuple[float, float]:
    """Return P@20 and MRR@20 of `model` in percent."""
    ranks = []
    for start in range(0, len(data.prefixes), BLOCK):
        scores = model.score(data.prefixes[start : start + BLOCK])
        own = np.take_along_axis(scores, data.following[start : start + BLOCK, None], axis=1)
        ranks.append((scores > own).sum(axis=1) + ((scores == own).sum(axis=1) + 1) / 2)
    rank = np.concatenate(ranks)
    inside = rank <= K
    return round(100 * float(inside.mean()), 2), round(100 * float(np.where(inside, 1 / rank, 0).mean()), 2)


def _options() -> Any:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default="retailrocket-sessions", choices=list(LEARNERS))
    parser.add_argument("--parts", nargs="+", default=["session_blend", "net"], help="what is stacked")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--checkpoints", type=Path, default=Path("/tmp/equipoise-sequences"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
