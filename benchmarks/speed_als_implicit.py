"""The side of `implicit` in speed_als.py: it runs in its own environment and knows nothing of equipoise.

Reads one fit a line from standard input, as JSON, and answers with its seconds and, where asked, its recall.
"""

import json
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from implicit.als import AlternatingLeastSquares
from scipy import sparse

K = 20


def recall(x: Any, y: Any, train: sparse.csr_matrix, test: sparse.csr_matrix) -> float:
    """Return the mean share of each user's test items among the best 20, the training items left out."""
    shares = []
    everyone = np.flatnonzero(np.diff(test.indptr))
    for users in np.array_split(everyone, 1 + len(everyone) // 500):
        scores = x[users] @ y.T
        scores[train[users].nonzero()] = -np.inf
        best = np.argpartition(-scores, K, axis=1)[:, :K]
        for user, items in zip(users, best, strict=True):
            asked = test.indices[test.indptr[user] : test.indptr[user + 1]]
            shares.append(np.isin(asked, items).mean())
    return float(np.mean(shares))


def main() -> None:
    threads = int(sys.argv[1])
    for line in sys.stdin:
        asked = json.loads(line)
        folder = Path(asked["folder"])
        train = sparse.load_npz(folder / f"{asked['data']}_train.npz")
        model = AlternatingLeastSquares(
            factors=asked["embedding_size"],
            alpha=asked["alpha"],
            regularization=asked["alpha"] * asked["ridge"],
            iterations=asked["iterations"],
            num_threads=threads,
            random_state=asked["seed"],
        )
        cpu, wall = process_time(), perf_counter()
        model.fit(train, show_progress=False)
        answer: dict[str, float] = {"cpu": process_time() - cpu, "wall": perf_counter() - wall}
        answer["iterations"] = model.iterations
        if asked["score"]:
            test = sparse.load_npz(folder / f"{asked['data']}_test.npz")
            answer["recall"] = recall(model.user_factors, model.item_factors, train, test)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
