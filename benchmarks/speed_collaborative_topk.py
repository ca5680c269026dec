"""The part of speed_collaborative.py about top-k search.

One query over 100,000 vectors of 64 numbers, beside the time to read them; the ten best of all users of
gowalla by the factors of the peer's ALS, beside the peer; and what a block of score rows costs beside NumPy.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from scipy import sparse

from equipoise.data.histories import Histories
from equipoise.models.learner import TopK
from equipoise.models.search.products import ByLength, top_of_products
from equipoise.models.search.quantised import Quantised
from equipoise.random import derive
from equipoise.types import Floats, Ints

ITEMS, FACTORS = 100_000, 64
USERS_FACTORS = (64, 128)
K = 10


def run(peers: Mapping[str, str]) -> dict[str, Any]:
    return {"one_query": one_query(), "rows": rows(), "all_users": all_users(peers.get("implicit"))}


def least(action: Callable[[], object], turns: int) -> float:
    """Return the least CPU seconds of `turns` turns, after one that compiles and warms."""
    action()
    return min(_seconds(action) for _ in range(turns))


def _seconds(action: Callable[[], object]) -> float:
    begun = process_time()
    action()
    return process_time() - begun


def reading(n_bytes: int) -> float:
    """Return the CPU seconds to read so many bytes: BLAS adds up squares quicker than any loop of ours.

    They begin where a line of the cache does, or it would be a third slower.
    """
    room = derive(7, "reading").normal(size=n_bytes // 4 + 16).astype(np.float32)
    start = -room.ctypes.data % 64 // 4
    numbers = room[start : start + n_bytes // 4]
    return least(partial(np.dot, numbers, numbers), 300)


def one_query() -> dict[str, Any]:
    """Return how many times the reading of the vectors a query costs, in float32 and int8."""
    items = derive(7, "items").normal(size=(ITEMS, FACTORS)).astype(np.float32)
    queries = derive(7, "queries").normal(size=(100, FACTORS)).astype(np.float32)
    rounded, lengths = Quantised.of(items), ByLength.of(items)
    streams = {"float32": reading(items.nbytes), "int8": reading(items.size)}
    found: dict[str, Any] = {"stream_ms": {name: 1e3 * value for name, value in streams.items()}}
    for k in (10, 100):
        ours = {
            "float32": least(partial(top_of_products, queries[:1], items, k), 300),
            "int8": least(partial(rounded.top, queries[:1], k), 300),
        }
        found[f"top{k}_ms"] = {name: 1e3 * value for name, value in ours.items()}
        found[f"top{k}_times_stream"] = {name: ours[name] / streams[name] for name in ours}
    found["int8_recall@100"] = _recall(rounded.top(queries, 100), lengths.top(queries, 100))
    for name in streams:
        ten, hundred = (found[f"top{k}_times_stream"][name] for k in (10, 100))
        print(
            f"  one query over {ITEMS:,} x {FACTORS} {name}: {found['stream_ms'][name]:.2f} ms to read them, "
            f"top 10 {ten:.2f}, top 100 {hundred:.2f} times that"
        )
    print(f"  int8 recall@100 {found['int8_recall@100']:.5f}")
    return found


def _recall(found: TopK, exact: TopK) -> float:
    return float(
        np.mean([np.isin(one, other).mean() for one, other in zip(exact.items, found.items, strict=True)])
    )


def rows() -> dict[str, Any]:
    """Return microseconds a row of 12,101 scores, beside a partial sort in NumPy."""
    scores = derive(7, "scores").normal(size=(330, 12_101)).astype(np.float32)
    found = {}
    for k in (10, 20, 100):
        ours = least(partial(TopK.of, scores, k), 5) / len(scores)
        numpy = least(partial(partial_sort, scores, k), 5) / len(scores)
        found[f"top{k}"] = {
            "us_a_row": 1e6 * ours,
            "numpy_us_a_row": 1e6 * numpy,
            "times_numpy": ours / numpy,
        }
        print(
            f"  top {k} of a row of 12,101: {1e6 * ours:.1f} us, "
            f"{ours / numpy:.2f} times NumPy's partial sort"
        )
    return found


def partial_sort(scores: Floats, k: int) -> Ints:
    places = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(scores, places, axis=1), axis=1, kind="stable")
    return np.take_along_axis(places, order, axis=1)


def all_users(peers: str | None) -> dict[str, Any]:
    """Return the seconds of the ten best of all users, without what they met, ours beside implicit's."""
    if peers is None:
        print("  all users of gowalla: left out, no --peers implicit=PYTHON")
        return {}
    met = gowalla()
    return {str(factors): _beside(peers, met, factors) for factors in USERS_FACTORS}


def _beside(peers: str, met: sparse.csr_matrix, factors: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        sparse.save_npz(f"{folder}/met.npz", met)
        script = Path(__file__).with_name("speed_collaborative_topk_peer.py")
        done = subprocess.run(
            [peers, str(script), folder, str(factors), str(K)], check=True, stdout=subprocess.PIPE, text=True
        )
        peer = json.loads(done.stdout.splitlines()[-1])
        with np.load(f"{folder}/found.npz") as saved:
            users, items, theirs = saved["users"], saved["items"], saved["best"]
    seen = Histories(met.indices.astype(np.int64), met.indptr.astype(np.int64))
    ours = least(lambda: top_of_products(users, items, K, seen), 3)
    best = top_of_products(users, items, K, seen)
    agree = float(
        np.mean([np.isin(one, other).mean() for one, other in zip(best.items, theirs, strict=True)])
    )
    # Vectors without any structure: no item can be told from its length not to win.
    random = derive(7, "random").normal(size=items.shape).astype(np.float32)
    worst = least(lambda: top_of_products(users, random, K, seen), 1)
    print(
        f"  top {K} of {len(users):,} users x {len(items):,} items, {factors} factors: {ours:.2f} s, "
        f"{ours / peer['seconds']:.2f} times implicit's {peer['seconds']:.2f} s; "
        f"{worst / peer['seconds']:.2f} times without structure; {agree:.4f} of the items the same"
    )
    return {
        "seconds": ours,
        "seconds_without_structure": worst,
        "implicit": peer,
        "times_implicit": ours / peer["seconds"],
        "times_implicit_without_structure": worst / peer["seconds"],
        "same_items": agree,
    }


def gowalla() -> sparse.csr_matrix:
    """Return who met what in the given training file, (users, items) of ones."""
    folder = Path(os.environ.get("EQUIPOISE_DATA", "../shared/data")) / "gowalla"
    lines = [list(map(int, line.split())) for line in (folder / "train.txt").read_text().splitlines()]
    users = np.repeat([line[0] for line in lines], [len(line) - 1 for line in lines])
    items = np.concatenate([np.array(line[1:], np.int64) for line in lines])
    return sparse.csr_matrix((np.ones(len(items), np.float32), (users, items)))
