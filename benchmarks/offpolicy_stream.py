"""A long log of decisions evaluated in bounded memory.

    python benchmarks/offpolicy_stream.py --decisions 1000000 --folder /tmp/stream

Writes an exported log of that many decisions among 100 candidates, slates of 5 drawn uniformly and half as
many clicks, unless it is there; then judges two targets on it and prints seconds and peak memory of a
process of its own.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from equipoise.evaluation.offpolicy.judging import Question, judge_decisions
from equipoise.evaluation.offpolicy.sources.decisions import DecisionLog
from equipoise.events.schema import CHOICE, DECISIONS, EVENTS
from equipoise.policies.registry import named
from equipoise.types import Ints

ITEMS, CANDIDATES, K, PART = 3_000, 100, 5, 20_000
NAMES = pa.array([f"item-{item:05}" for item in range(ITEMS)])


def write(folder: Path, decisions: int) -> None:
    """Write the log in parts; those already there are left alone."""
    for number, start in enumerate(range(0, decisions, PART)):
        paths = [
            folder / table / "date=2026-01-01" / f"part-{number:06}.parquet"
            for table in ("decisions", "events")
        ]
        if all(path.exists() for path in paths):
            continue
        rng = np.random.default_rng(number)
        n = min(PART, decisions - start)
        for path, table in zip(paths, _tables(start, n, rng), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(table, path.with_suffix(".part"), compression="zstd")
            path.with_suffix(".part").rename(path)


def _tables(start: int, n: int, rng: np.random.Generator) -> tuple[pa.Table, pa.Table]:
    candidates = rng.integers(0, ITEMS // CANDIDATES, (n, CANDIDATES)) + np.arange(CANDIDATES) * (
        ITEMS // CANDIDATES
    )
    slates = np.take_along_axis(candidates, rng.random((n, CANDIDATES)).argsort(axis=1)[:, :K], axis=1)
    ids = [f"{number:032x}" for number in range(start, start + n)]
    return _decisions(ids, candidates, slates, rng), _events(ids, slates, rng)


def _decisions(ids: list[str], candidates: Ints, slates: Ints, rng: np.random.Generator) -> pa.Table:
    n = len(ids)
    choices = pa.StructArray.from_arrays(
        [
            NAMES.take(pa.array(slates.ravel())),
            pa.array(np.tile(np.arange(K, dtype=np.int32), n)),
            pa.array(np.zeros(n * K, np.float32)),
            pa.array(np.tile(1.0 / (CANDIDATES - np.arange(K)), n)),
            pa.array(np.zeros(n * K, bool)),
            pa.array(["popular"] * (n * K)),
        ],
        fields=list(CHOICE),
    )
    words = {"surface": "home", "policy": "uniform", "variant": "a", "features_version": "1", "reason": ""}
    columns = {
        "seq": pa.array(np.arange(n)),
        "recommendation_id": pa.array(ids),
        "user_id": pa.nulls(n, pa.string()),
        "session_id": pa.nulls(n, pa.string()),
        "timestamp": pa.array(np.zeros(n, np.int64)).cast(DECISIONS.field("timestamp").type),
        "policy_version": pa.array(np.ones(n, np.int64)),
        "candidates": _lists(NAMES.take(pa.array(candidates.ravel())), CANDIDATES),
        "scores": _lists(pa.array(rng.random(n * CANDIDATES, np.float32)), CANDIDATES),
        "slate": _lists(choices, K),
        "exploration": pa.array(np.ones(n)),
        "features": pa.array([[]] * n, DECISIONS.field("features").type),
        "census": pa.array([[]] * n, DECISIONS.field("census").type),
        "census_share": pa.array(np.zeros(n)),
    } | {name: pa.array([word] * n) for name, word in words.items()}
    return pa.table([columns[name] for name in DECISIONS.names], schema=DECISIONS)


def _events(ids: list[str], slates: Ints, rng: np.random.Generator) -> pa.Table:
    rows = np.flatnonzero(rng.random(len(ids)) < 0.5)
    places = rng.integers(0, K, len(rows))
    columns = {
        "seq": pa.array(rows),
        "event_id": pa.array([f"e{ids[row]}" for row in rows]),
        "event_type": pa.array(["click"] * len(rows)),
        "timestamp": pa.array(np.zeros(len(rows), np.int64)).cast(EVENTS.field("timestamp").type),
        "item_id": NAMES.take(pa.array(slates[rows, places])),
        "recommendation_id": pa.array([ids[row] for row in rows]),
        "position": pa.array(places),
        "properties": pa.array(["{}"] * len(rows)),
    }
    kinds = zip(EVENTS.names, EVENTS.types, strict=True)
    cells = [columns.get(name, pa.nulls(len(rows), kind)) for name, kind in kinds]
    return pa.table(cells, schema=EVENTS)


def _lists(flat: pa.Array, size: int) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(np.arange(0, len(flat) + 1, size, dtype=np.int32)), flat)


def judge(folder: Path) -> dict[str, object]:
    """Return what judging the log in `folder` takes."""
    start = time.perf_counter()
    question = Question(targets=["greedy", "uniform"])
    answer = judge_decisions(DecisionLog(path=folder), question, lambda name: named(name).start(1))
    return {
        "decisions": answer.rows[0].diagnosis.rounds,
        "seconds": time.perf_counter() - start,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "uniform": answer.rows[1].estimate.value if answer.rows[1].estimate else None,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--decisions", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--judge", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.folder / str(options.decisions)
    if options.judge:
        print(json.dumps(judge(folder)))
        return
    write(folder, options.decisions)
    subprocess.run([sys.executable, __file__, *sys.argv[1:], "--judge"], check=True)


if __name__ == "__main__":
    main()
