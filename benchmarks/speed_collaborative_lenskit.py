"""LensKit's side of speed_collaborative_libraries.py, in its own environment; knows nothing of equipoise.

Fits a model on met.npz in the folder given, writes the best of everybody to best.npy (-1 where there is
none), and prints CPU seconds as JSON. One process and one thread.
"""

import json
import sys
import warnings
from importlib.metadata import version
from time import process_time

import numpy as np
import pandas as pd
from lenskit.als import ImplicitMFScorer
from lenskit.batch import recommend
from lenskit.data import from_interactions_df
from lenskit.knn import EASEScorer, ItemKNNScorer
from lenskit.parallel.config import ParallelSettings, init_threading
from lenskit.pipeline import topn_pipeline
from scipy import sparse

MODELS = {
    "item_knn": lambda: ItemKNNScorer(max_nbrs=100, save_nbrs=100, feedback="implicit"),
    "ease": lambda: EASEScorer(regularization=500.0),
    "als": lambda: ImplicitMFScorer(embedding_size=64, epochs=10, weight=20.0, regularization=0.3),
}


def main() -> None:
    warnings.simplefilter("ignore")
    init_threading(ParallelSettings(num_threads=1, num_backend_threads=1, num_batch_jobs=1))
    folder, name, k = sys.argv[1], sys.argv[2], int(sys.argv[3])
    met = sparse.load_npz(f"{folder}/met.npz")
    users, items = met.nonzero()
    begun = process_time()
    data = from_interactions_df(pd.DataFrame({"user_id": users, "item_id": items}))
    pipeline = topn_pipeline(MODELS[name](), n=k)
    pipeline.train(data)
    fitted = process_time()
    found = recommend(pipeline, np.unique(users).tolist(), n=k, n_jobs=1, use_ray=False)
    told = process_time()
    best = np.full((met.shape[0], k), -1)
    for key, listed in found:
        ids = listed.ids()
        best[key.user_id, : len(ids)] = ids
    np.save(f"{folder}/best.npy", best)
    print(json.dumps({"fit": fitted - begun, "top": told - fitted, "lenskit": version("lenskit")}))


if __name__ == "__main__":
    main()
