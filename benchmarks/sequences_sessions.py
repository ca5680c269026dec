"""A sequence model on given prefixes of sessions, alone and mixed with the session models: P@20 and MRR@20.

    PYTHONPATH=src OMP_NUM_THREADS=1 python benchmarks/sequences_sessions.py --data retailrocket-sessions

The mixture adds the logarithm of the session blend's scores, made to sum to 1, and the network's logits,
times a weight chosen on the last tenth of the training sessions, both models fitted on those before. Then
both are fitted on all training sessions and asked once for the next item of each prefix of the test; what
was seen is not left out. An item with the score of others is placed in the middle of them.
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

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.models import GatedSASRec, Learner, Scorer
from equipoise.models.neural import checkpoints_in
from equipoise.progress import watched_by
from equipoise.random import derive
from equipoise.types import Floats
from sequences import kept
from sessions_data import LEARNERS, Sessions, read

RESULTS = Path(__file__).parent / "results" / "sequences_sessions.jsonl"
K, BLOCK, HELD_OUT, QUESTIONS = 20, 250, 0.1, 6000
FLOOR = 1e-5
"""Added to the shares, which are 0 for most items."""
WEIGHTS = (0.0, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8)
UNTOLD = ("content", "epochs", "patience")
"""Settings that are not of the net, or told apart."""
ALONE = float("inf")
"""The weight of a network without the session blend."""
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
    epochs=5,
    patience=5,
    validation_users=0,
)
"""Chosen on the held-out sessions of retailrocket."""


def main() -> None:
    options = _options()
    asked = {"data": options.data, "seed": options.seed}
    if not any(asked.items() <= row.items() for row in kept(options.out)):
        row = {**asked, **measured(options)}
        with options.out.open("a") as out:
            out.write(json.dumps(row) + "\n")
        print(json.dumps(row))


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """Choose the weight on the held-out sessions, then ask once; figures are P@20 and MRR@20 in percent."""
    data, begun, epochs = read(options.data), process_time(), list[int]()
    earlier, asked = held_out(data, options.seed)
    chosen = _asked("validation", options, earlier, asked, (*WEIGHTS, ALONE), epochs)
    weight = max(WEIGHTS, key=lambda each: sum(chosen[each]))
    print(f"weight {weight}, on validation {chosen}", flush=True)
    found = _asked("test", options, data.train, data, (0.0, weight, ALONE), epochs)
    return {
        "weight": weight,
        "test": {"session_blend": found[0.0], "mixture": found[weight], "net": found[ALONE]},
        "validation": {"session_blend": chosen[0.0], "mixture": chosen[weight], "net": chosen[ALONE]},
        "net": NET.name,
        "settings": {
            each.name: str(getattr(NET, each.name)) for each in fields(NET) if each.name not in UNTOLD
        },
        "epochs": options.epochs,
        "epochs_timed": len(epochs),
        "cpu_seconds": round(process_time() - begun),
        "peak_memory_mb": getrusage(RUSAGE_SELF).ru_maxrss // 1024,
    }


def _asked(
    stage: str,
    options: argparse.Namespace,
    train: Interactions,
    asked: Sessions,
    weights: tuple[float, ...],
    epochs: list[int],
) -> dict[float, tuple[float, float]]:
    """Fit both models on `train`; return the figures by the weight of the network.

    `epochs` is told the number of each epoch passed, those before a stop left out.
    """
    net = replace(NET, epochs=options.epochs, patience=options.epochs)
    told = f"{options.data} {stage}"
    blend = _fitted(LEARNERS[options.data]["session_blend"], train, options, told, [])
    return mixed(blend, _fitted(net, train, options, told, epochs), asked, weights)


def _fitted(
    learner: Learner, train: Interactions, options: argparse.Namespace, told: str, epochs: list[int]
) -> Scorer:
    begun = process_time()

    def watch(what: str, done: int, total: int, note: str) -> None:
        if "loss" in note:
            epochs.append(done)
            print(f"{told}: epoch {done} of {total}, {note}, {process_time() - begun:.0f} CPU s", flush=True)

    folder = options.checkpoints / told.replace(" ", "-") / str(options.seed)
    with checkpoints_in(folder), watched_by(watch):
        return learner.fit(train, rng=derive(options.seed, "sequences", told))


def mixed(
    blend: Scorer, net: Scorer, asked: Sessions, weights: tuple[float, ...]
) -> dict[float, tuple[float, float]]:
    """Return P@20 and MRR@20 in percent of the mixtures by the weight of `net`."""
    ranks: dict[float, list[Floats]] = {weight: [] for weight in weights}
    for start in range(0, len(asked.prefixes), BLOCK):
        histories = asked.prefixes[start : start + BLOCK]
        wanted = asked.following[start : start + BLOCK, None]
        told = np.log(_shares(blend.score(histories)) + np.float32(FLOOR))
        logits = net.score(histories)
        for weight in weights:
            scores = logits if weight == ALONE else told + np.float32(weight) * logits
            own = np.take_along_axis(scores, wanted, axis=1)
            ranks[weight].append((scores > own).sum(axis=1) + ((scores == own).sum(axis=1) + 1) / 2)
    return {weight: _figures(np.concatenate(parts)) for weight, parts in ranks.items()}


def _figures(rank: Floats) -> tuple[float, float]:
    inside = rank <= K
    return round(100 * float(inside.mean()), 2), round(100 * float(np.where(inside, 1 / rank, 0).mean()), 2)


def _shares(scores: Floats) -> Floats:
    return np.asarray(scores / np.maximum(scores.sum(axis=1, keepdims=True), 1e-9), np.float32)


def held_out(data: Sessions, seed: int) -> tuple[Interactions, Sessions]:
    """Return the sessions before the last tenth, and questions drawn from all prefixes of that tenth."""
    train = data.train
    cut = int(train.n_users * (1 - HELD_OUT))
    histories = train.histories()
    known = np.bincount(train.items[train.users < cut], minlength=train.n_items) > 0
    places = [(user, place) for user in range(cut, train.n_users) for place in range(1, len(histories[user]))]
    places = [(user, place) for user, place in places if known[histories[user][place]]]
    drawn = [places[int(at)] for at in derive(seed, "questions").permutation(len(places))[:QUESTIONS]]
    earlier = train.where(train.users < cut)
    asked = Sessions(
        train=earlier,
        prefixes=Histories.of([histories[user][:place] for user, place in drawn]),
        following=np.array([histories[user][place] for user, place in drawn]),
    )
    return replace(earlier, n_users=cut), asked


def _options() -> Any:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default="retailrocket-sessions", choices=list(LEARNERS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=NET.epochs)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--checkpoints", type=Path, default=Path("/tmp/equipoise-sequences"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
