"""P@20 and MRR@20 of the session models on given prefixes, over all items, what was seen not left out.

    python benchmarks/sessions.py
    python benchmarks/sessions.py --data retailrocket-sessions --seeds 1

The models are fitted on sessions.json and asked for the next item of each prefix of test.json, once for
each seed. They draw nothing, so the seeds must agree; the interval is of the mean over the prefixes (95 %,
normal). An item with the score of others is placed in the middle of them.
"""

import argparse
import json
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from equipoise.models import Learner, Scorer
from equipoise.random import derive
from equipoise.types import Floats
from sessions_data import LEARNERS, Sessions, read

RESULTS = Path(__file__).parent / "results" / "sessions.json"
K, BLOCK = 20, 250


def ranks(scorer: Scorer, data: Sessions) -> Floats:
    """Return the 1-based rank of what came next after each prefix, (n,)."""
    parts = []
    for start in range(0, len(data.prefixes), BLOCK):
        scores = scorer.score(data.prefixes[start : start + BLOCK])
        wanted = data.following[start : start + BLOCK]
        own = np.take_along_axis(scores, wanted[:, None], axis=1)
        parts.append((scores > own).sum(axis=1) + ((scores == own).sum(axis=1) + 1) / 2)
    return np.concatenate(parts)


def measured(learner: Learner, data: Sessions, seed: int) -> dict[str, Any]:
    """Fit and ask once."""
    begun = process_time()
    scorer = learner.fit(data.train, rng=derive(seed))
    fitted = process_time()
    rank = ranks(scorer, data)
    inside = rank <= K
    figures = {f"p@{K}": 100.0 * inside, f"mrr@{K}": np.where(inside, 100.0 / rank, 0.0)}
    means = {name: round(float(each.mean()), 2) for name, each in figures.items()}
    errors = {
        f"{name} ±": round(1.96 * float(each.std()) / len(each) ** 0.5, 2) for name, each in figures.items()
    }
    seconds = {
        "fit_cpu_seconds": round(fitted - begun, 1),
        "score_cpu_seconds": round(process_time() - fitted, 1),
    }
    return {"seed": seed, **means, **errors, **seconds}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", nargs="*", default=list(LEARNERS), choices=list(LEARNERS))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", type=Path, default=RESULTS)
    asked = parser.parse_args()
    found: dict[str, Any] = {}
    for name in asked.data:
        data = read(name)
        for model, learner in LEARNERS[name].items():
            rows = [measured(learner, data, seed) for seed in range(asked.seeds)]
            found.setdefault(name, {})[model] = {"settings": repr(learner), "runs": rows}
            print(name, model, rows, flush=True)
    asked.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
