"""How long a sequence model takes for one request on one core, in NumPy: a history of 50 items, width 64.

    PYTHONPATH=src python benchmarks/speed_encode.py

Weights are random: their values cost nothing. `encode` makes the vector of what is expected next, `score`
ranks 12,101 items by it too; a GRU's or LSTM's `advance` adds one event to a state. `of 64` is a request's
share of the time of 64 that are answered together. What is told is processor time, which on one idle core
is the time on the clock: what else the machine does disturbs it less. Each request is answered three times,
and the least counts; the 50th, 90th and 99th percentile are shown.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from time import process_time
from typing import Any

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

from equipoise.data.histories import Histories
from equipoise.models import GRU, LSTM, Caser, GatedSASRec, SASRec
from equipoise.models.neural.recurrent import Recurrent
from equipoise.models.neural.scorer import SequenceScorer
from equipoise.models.neural.sequence_learner import SequenceLearner
from equipoise.models.neural.weights import Weights
from equipoise.random import derive

RESULTS = Path(__file__).parent / "results" / "speed_encode.json"
N_ITEMS, WIDTH, LENGTH = 12_101, 64, 50
TOGETHER = 64
LEARNERS: tuple[SequenceLearner, ...] = (
    SASRec(embedding_size=WIDTH, length=LENGTH),
    SASRec(embedding_size=WIDTH, length=LENGTH, blocks=2),
    GatedSASRec(embedding_size=WIDTH, length=LENGTH),
    GRU(embedding_size=WIDTH, length=LENGTH, hidden_size=WIDTH),
    LSTM(embedding_size=WIDTH, length=LENGTH, hidden_size=WIDTH),
    Caser(embedding_size=WIDTH, length=LENGTH),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--json", type=Path, default=RESULTS)
    asked = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    rows = []
    for learner in LEARNERS:
        label = f"{learner.name}, {getattr(learner, 'blocks', 1)} block(s)"
        rows.append({"model": label, **measured(scorer(learner), asked.requests)})
        print(rows[-1], flush=True)
    about = {"machine": f"{platform.machine()}, one core", "numpy": version("numpy")}
    asked.json.write_text(json.dumps({**about, "rows": rows}, indent=1) + "\n")


def scorer(learner: SequenceLearner) -> SequenceScorer:
    """Return a scorer of random weights."""
    rng = derive(1, learner.name)
    items = rng.normal(size=(N_ITEMS, WIDTH)).astype(np.float32)
    weights = Weights.start(items, np.zeros(N_ITEMS), learner.net(rng), n_terms=0, rng=rng)
    return weights.exported(None, np.ones(N_ITEMS, np.bool_), length=LENGTH, unit=False)


def measured(model: SequenceScorer, requests: int) -> dict[str, Any]:
    """Return percentiles of the milliseconds of each thing that a request may ask."""
    rng = derive(2)
    histories = [Histories.of([rng.integers(0, N_ITEMS, LENGTH)]) for _ in range(requests)]
    many = Histories.of(list(rng.integers(0, N_ITEMS, (TOGETHER, LENGTH))))
    found = {
        "encode_ms": _percentiles(lambda place: model.encode(histories[place]), requests),
        "encode_of_64_ms": _percentiles(lambda place: model.encode(many), 1 + requests // TOGETHER, TOGETHER),
        "score_ms": _percentiles(lambda place: model.score(histories[place]), requests),
    }
    if isinstance(model.net, Recurrent):
        states, item = model.started(1), np.array([3])
        found["advance_ms"] = _percentiles(lambda place: model.advanced(states, item), requests)
        together, items = model.started(TOGETHER), many.items[:TOGETHER]
        found["advance_of_64_ms"] = _percentiles(
            lambda place: model.advanced(together, items), requests, TOGETHER
        )
    return found


def _percentiles(action: Callable[[int], object], times: int, shared: int = 1) -> dict[str, float]:
    took = [min(_milliseconds(action, place) for _ in range(3)) / shared for place in range(times)]
    return {f"p{part}": round(float(np.percentile(took, part)), 4) for part in (50, 90, 99)}


def _milliseconds(action: Callable[[int], object], place: int) -> float:
    begun = process_time()
    action(place)
    return 1e3 * (process_time() - begun)


if __name__ == "__main__":
    main()
