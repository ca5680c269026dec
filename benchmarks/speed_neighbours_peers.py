"""The peers' side of speed_neighbours.py: it runs in their own environment and knows nothing of equipoise.

Reads one case a line from standard input, as JSON, and answers the seconds it took. The first line it writes
holds the versions.
"""

import json
import os
import sys
import warnings
from importlib.metadata import version
from time import perf_counter, process_time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from implicit.nearest_neighbours import CosineRecommender
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn


def implicit(met: sparse.csr_matrix, n: int, threads: int) -> int:
    model = CosineRecommender(K=n, num_threads=threads)
    model.fit(met, show_progress=False)
    return int(model.similarity.nnz)


def dot_topn(met: sparse.csr_matrix, n: int, threads: int) -> int:
    lengths = np.sqrt(np.bincount(met.indices, met.data**2, met.shape[1]))
    data = (met.data / lengths[met.indices]).astype(np.float32)
    users = sparse.csr_matrix((data, met.indices, met.indptr), shape=met.shape)
    items = users.T.tocsr()
    return int(sp_matmul_topn(items, users, top_n=n, n_threads=threads if threads > 1 else None).nnz)


PEERS = {"implicit": implicit, "sparse_dot_topn": dot_topn}


def main() -> None:
    warnings.simplefilter("ignore")
    names = ("implicit", "sparse_dot_topn", "numpy", "scipy")
    print(json.dumps({name: version(name) for name in names}), flush=True)
    matrices: dict[str, sparse.csr_matrix] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["path"] not in matrices:
            matrices[asked["path"]] = sparse.load_npz(asked["path"])
        met = matrices[asked["path"]]
        cpu, wall = process_time(), perf_counter()
        kept = PEERS[asked["name"]](met, asked["n"], asked["threads"])
        timed = {"cpu": process_time() - cpu, "wall": perf_counter() - wall, "kept": kept}
        print(json.dumps(timed), flush=True)


if __name__ == "__main__":
    main()
