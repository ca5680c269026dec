"""The peer's side of speed_collaborative_topk.py: runs in its own environment and knows nothing of equipoise.

Fits ALS on met.npz in the folder given, writes the factors and the best of all users to found.npz, and prints
the least CPU seconds of asking for them as JSON.
"""

import json
import os
import sys
from importlib.metadata import version
from time import process_time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from implicit.als import AlternatingLeastSquares
from scipy import sparse


def main() -> None:
    folder, factors, k = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    met = sparse.load_npz(f"{folder}/met.npz")
    model = AlternatingLeastSquares(
        factors=factors, alpha=10, regularization=1, iterations=5, num_threads=1, random_state=7
    )
    model.fit(met, show_progress=False)
    everyone, seconds = np.arange(met.shape[0]), []
    for _ in range(3):
        begun = process_time()
        best, _ = model.recommend(everyone, met, N=k, filter_already_liked_items=True)
        seconds.append(process_time() - begun)
    np.savez(f"{folder}/found.npz", users=model.user_factors, items=model.item_factors, best=best)
    print(json.dumps({"seconds": min(seconds), "implicit": version("implicit"), "numpy": version("numpy")}))


if __name__ == "__main__":
    main()
