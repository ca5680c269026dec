"""How fast the session models fit, and how fast they answer one history at a time on one core.

    python benchmarks/speed_sessions.py
    python benchmarks/speed_sessions.py --data diginetica-sessions --histories 5000

For each set and model: the seconds to fit, and the 50th, 90th and 99th percentile over single histories,
drawn from the test prefixes, of `score` (every item of the catalogue) and of `top` (the best 20, what was
seen not left out). Each history is answered three times and the least counts, so that what else the machine
does disturbs less; the time is that of the clock on the wall. Kernels are compiled before.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

from equipoise.data.histories import Histories
from equipoise.models import Learner
from equipoise.random import derive
from sessions_data import LEARNERS, Sessions, read

RESULTS = Path(__file__).parent / "results" / "speed_sessions.json"
REPEATS = 3


def percentiles(action: Callable[[Histories], object], asked: list[Histories]) -> dict[str, float]:
    """Return percentiles of the milliseconds that `action` takes for one history."""
    times = [min(_milliseconds(action, history) for _ in range(REPEATS)) for history in asked]
    return {f"p{part}": round(float(np.percentile(times, part)), 4) for part in (50, 90, 99)}


def _milliseconds(action: Callable[[Histories], object], history: Histories) -> float:
    begun = perf_counter()
    action(history)
    return 1e3 * (perf_counter() - begun)


def measured(learner: Learner, data: Sessions, asked: list[Histories]) -> dict[str, Any]:
    """Return the CPU seconds of fitting `learner`, and how long it takes for each of `asked`."""
    begun = process_time()
    scorer = learner.fit(data.train, rng=derive(1))
    seconds = process_time() - begun
    scorer.score(asked[0])
    return {
        "fit_cpu_seconds": round(seconds, 2),
        "score_ms": percentiles(scorer.score, asked),
        "top_ms": percentiles(lambda history: scorer.top(history, 20, exclude_seen=False), asked),
    }


def compiled(data: Sessions) -> None:
    """Compile every kernel on a little of the data."""
    little = data.train.where(data.train.users < 100)
    for learner in LEARNERS["diginetica-sessions"].values():
        learner.fit(little, rng=derive(1)).score(data.prefixes[:1])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", nargs="*", default=list(LEARNERS), choices=list(LEARNERS))
    parser.add_argument("--histories", type=int, default=2000)
    parser.add_argument("--json", type=Path, default=RESULTS)
    asked = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    found: dict[str, Any] = {}
    for name in asked.data:
        data = read(name)
        compiled(data)
        rows = derive(7, "speed").permutation(len(data.prefixes))[: asked.histories]
        histories = [Histories.of([data.prefixes[int(row)]]) for row in rows]
        for model, learner in LEARNERS[name].items():
            row = found.setdefault(name, {})[model] = measured(learner, data, histories)
            print(f"{name} {model}: fit {row['fit_cpu_seconds']} CPU s", flush=True)
            for what in ("score_ms", "top_ms"):
                print(f"  {what[:-3]:<6}" + "  ".join(f"{key} {ms:.3f} ms" for key, ms in row[what].items()))
    about = {"machine": f"{platform.machine()}, one core", "python": platform.python_version()}
    versions = {package: version(package) for package in ("equipoise", "numpy", "scipy", "numba")}
    results = {**about, "versions": versions, "histories": asked.histories, "data": found}
    asked.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
