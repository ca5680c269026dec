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
    for start in range(0, len(x), 500):
        stop = min(start + 500, len(x))
        scores = x[start:stop] @ y.T
        scores[train[start:stop].nonzero()] = -np.inf
        best = np.argpartition(-scores, K, axis=1)[:, :K]
        for user, items in zip(range(start, stop), best, strict=True):
            asked = test.indices[test.indptr[user] : test.indptr[user + 1]]
            if len(asked):
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
        answer = {"cpu": process_time() - cpu, "wall": perf_counter() - wall}
        if asked["score"]:
            test = sparse.load_npz(folder / f"{asked['data']}_test.npz")
            answer["recall"] = recall(model.user_factors, model.item_factors, train, test)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
