"""This project's side of speed_als.py; it also reads the data, and keeps it as matrices for both sides.

Reads one fit a line from standard input, as JSON, and answers with its seconds and, where asked, its recall.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from scipy import sparse

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.models import ALS, Scorer
from equipoise.random import derive
from equipoise.types import Floats, Ints

K = 20


def gowalla(root: Path) -> dict[str, Ints]:
    """Return the pairs (n, 2) of both parts of the published split, of the test those of every fifth user."""
    parts = {part: _lines(root / "gowalla" / f"{part}.txt") for part in ("train", "test")}
    return parts | {"test": parts["test"][parts["test"][:, 0] % 5 == 0]}


def movielens(root: Path) -> dict[str, Ints]:
    """Return the pairs (n, 2) of ratings of 4 and more: the first fold tests, the others train."""
    folder = root / "movielens-1m-folds"
    folds = [_liked(np.loadtxt(folder / f"test_1m{fold}.dat", delimiter=",")) for fold in range(1, 6)]
    return {"train": np.concatenate(folds[1:]), "test": folds[0]}


def _lines(path: Path) -> Ints:
    rows = [line.split() for line in path.read_text().splitlines()]
    return np.array([(int(row[0]), int(item)) for row in rows for item in row[1:]], np.int64)


def _liked(ratings: Floats) -> Ints:
    return ratings[ratings[:, 2] >= 4][:, :2].astype(np.int64)


def prepare(root: Path, folder: Path) -> None:
    """Write a CSR matrix of each part of each data set."""
    for name, read in {"gowalla": gowalla, "movielens": movielens}.items():
        parts = read(root)
        shape = np.concatenate(list(parts.values())).max(axis=0) + 1
        for part, pairs in parts.items():
            ones = np.ones(len(pairs), np.float32)
            matrix = sparse.csr_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=shape)
            sparse.save_npz(folder / f"{name}_{part}.npz", matrix)


def interactions(matrix: sparse.csr_matrix) -> Interactions:
    """Return the pairs of `matrix` as interactions."""
    n, m = matrix.shape
    return Interactions(
        users=np.repeat(np.arange(n), np.diff(matrix.indptr)),
        items=matrix.indices.astype(np.int64),
        times=np.arange(matrix.nnz),
        weights=np.ones(matrix.nnz),
        values=np.zeros(matrix.nnz),
        n_users=n,
        n_items=m,
    )


def recall(scorer: Scorer, histories: Histories, test: sparse.csr_matrix) -> float:
    """Return the mean share of each user's test items among the best 20, the history left out."""
    users = np.flatnonzero(np.diff(test.indptr))
    best = scorer.top(histories.take(users), K).items
    asked = (test.indices[test.indptr[user] : test.indptr[user + 1]] for user in users)
    return float(np.mean([np.isin(one, items).mean() for one, items in zip(asked, best, strict=True)]))


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        folder = Path(asked["folder"])
        if "prepare" in asked:
            prepare(Path(asked["prepare"]), folder)
            print("{}", flush=True)
            continue
        data = interactions(sparse.load_npz(folder / f"{asked['data']}_train.npz"))
        same = ALS(
            embedding_size=asked["embedding_size"],
            unobserved_weight=1 / asked["alpha"],
            reg=asked["ridge"],
            reg_exponent=0.0,
            iterations=asked["iterations"],
        )
        learner = replace(same, **asked["tuned"])
        cpu, wall = process_time(), perf_counter()
        scorer = learner.fit(data, rng=derive(asked["seed"]))
        answer: dict[str, float] = {"cpu": process_time() - cpu, "wall": perf_counter() - wall}
        answer["iterations"] = learner.iterations
        if asked["score"]:
            test = sparse.load_npz(folder / f"{asked['data']}_test.npz")
            answer["recall"] = recall(scorer, data.histories(), test)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
