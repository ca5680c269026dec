"""How long a sequence model takes for one request on one core, in NumPy: a history of 50 items, width 64.

    PYTHONPATH=src python benchmarks/speed_encode.py

Weights are random: their values cost nothing. `encode` makes the vector of what is expected next, `score`
ranks 12,101 items by it too; a GRU's or LSTM's `advance` adds one event to a state. Each request is answered
three times and the least counts, so that what else the machine does disturbs less; the 50th, 90th and 99th
percentile of the clock on the wall are shown.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
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
    found = {
        "encode_ms": _percentiles(lambda place: model.encode(histories[place]), requests),
        "score_ms": _percentiles(lambda place: model.score(histories[place]), requests),
    }
    if isinstance(model.net, Recurrent):
        states, item = model.started(1), np.array([3])
        found["advance_ms"] = _percentiles(lambda place: model.advanced(states, item), requests)
    return found


def _percentiles(action: Callable[[int], object], requests: int) -> dict[str, float]:
    times = [min(_milliseconds(action, place) for _ in range(3)) for place in range(requests)]
    return {f"p{part}": round(float(np.percentile(times, part)), 3) for part in (50, 90, 99)}


def _milliseconds(action: Callable[[int], object], place: int) -> float:
    begun = perf_counter()
    action(place)
    return 1e3 * (perf_counter() - begun)


if __name__ == "__main__":
    main()
