"""RecTools' side of speed_collaborative_libraries.py, in its own environment; knows nothing of equipoise.

Fits a model on met.npz in the folder given, writes the best of everybody to best.npy (-1 where there is
none), and prints CPU seconds as JSON. What RecTools wraps (`implicit`) is asked for one thread.
"""

import json
import sys
import warnings
from importlib.metadata import version
from time import process_time

import numpy as np
import pandas as pd
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import CosineRecommender
from rectools import Columns
from rectools.dataset import Dataset
from rectools.models import EASEModel, ImplicitALSWrapperModel, ImplicitItemKNNWrapperModel
from scipy import sparse

MODELS = {
    "item_knn": lambda: ImplicitItemKNNWrapperModel(CosineRecommender(K=100, num_threads=1)),
    "ease": lambda: EASEModel(regularization=500.0, recommend_n_threads=1, recommend_use_gpu_ranking=False),
    "als": lambda: ImplicitALSWrapperModel(
        AlternatingLeastSquares(
            factors=64, alpha=20, regularization=6.0, iterations=10, num_threads=1, random_state=7
        ),
        recommend_n_threads=1,
        recommend_use_gpu_ranking=False,
    ),
}


def main() -> None:
    warnings.simplefilter("ignore")
    folder, name, k = sys.argv[1], sys.argv[2], int(sys.argv[3])
    met = sparse.load_npz(f"{folder}/met.npz")
    users, items = met.nonzero()
    table = pd.DataFrame(
        {
            Columns.User: users,
            Columns.Item: items,
            Columns.Weight: 1.0,
            Columns.Datetime: pd.Timestamp("2020-01-01"),
        }
    )
    begun = process_time()
    data = Dataset.construct(table)
    model = MODELS[name]()
    model.fit(data)
    fitted = process_time()
    found = model.recommend(np.unique(users), data, k=k, filter_viewed=True)
    told = process_time()
    best = np.full((met.shape[0], k), -1)
    best[found[Columns.User], found[Columns.Rank] - 1] = found[Columns.Item]
    np.save(f"{folder}/best.npy", best)
    print(json.dumps({"fit": fitted - begun, "top": told - fitted, "rectools": version("rectools")}))


if __name__ == "__main__":
    main()
