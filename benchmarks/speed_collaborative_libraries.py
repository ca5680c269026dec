"""The part of speed_collaborative.py about whole libraries: fitting, and the ten best of everybody.

Neighbours of items, EASE and ALS on MovieLens-1M, ratings of 4 and 5, four of the five folds; what the fifth
holds tells whether both sides do the same. Each library runs in an environment of its own and is handed the
matrix; its CPU seconds, those of processes it starts included, begin when its own table of the data is made.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from scipy import sparse

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.models import ALS, EASE, ItemKNN, Learner
from equipoise.random import derive
from equipoise.types import Floats, Ints

SHAPE, K, LIKED = (6_041, 3_953), 10, 4.0
LEARNERS: dict[str, Learner] = {
    "item_knn": ItemKNN(n_neighbors=100, shrinkage=0.0),
    "ease": EASE(reg=500.0),
    "als": ALS(embedding_size=64, iterations=10, unobserved_weight=0.05, reg=0.02),
}
LIBRARIES = ("lenskit", "rectools")


def run(peers: Mapping[str, str]) -> dict[str, Any]:
    met, wanted = movielens()
    sides = {"equipoise": _ours(met, wanted)}
    for name in LIBRARIES:
        if name in peers:
            sides[name] = _theirs(name, peers[name], met, wanted)
        else:
            print(f"  {name}: left out, no --peers {name}=PYTHON")
    for side, figures in sides.items():
        _tell(side, figures)
    return sides


def _tell(side: str, figures: Mapping[str, Any]) -> None:
    for model in LEARNERS:
        timed = figures[model]
        print(
            f"  {side} {model}: fit {timed['fit']:.2f} s, top {K} of all {timed['top']:.2f} s, "
            f"recall@{K} {timed['recall']:.4f}"
        )


def movielens() -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Return who liked what in four folds and in the fifth, (users, items) of ones each."""
    folder = Path(os.environ.get("EQUIPOISE_DATA", "../shared/data")) / "movielens-1m-folds"
    folds = [np.loadtxt(folder / f"test_1m{fold}.dat", delimiter=",", dtype=np.int64) for fold in range(1, 6)]
    return _matrix(np.concatenate(folds[1:])), _matrix(folds[0])


def _matrix(rows: Ints) -> sparse.csr_matrix:
    users, items = rows[rows[:, 2] >= LIKED, :2].T
    return sparse.csr_matrix((np.ones(len(users), np.float32), (users, items)), shape=SHAPE)


def _ours(met: sparse.csr_matrix, wanted: sparse.csr_matrix) -> dict[str, Any]:
    return {name: _one(name, learner, met, wanted) for name, learner in LEARNERS.items()}


def _one(name: str, learner: Learner, met: sparse.csr_matrix, wanted: sparse.csr_matrix) -> dict[str, float]:
    users, items = met.nonzero()
    rows = np.ones(len(users))
    data = Interactions(
        users=users.astype(np.int64),
        items=items.astype(np.int64),
        times=np.arange(len(users)),
        weights=rows,
        values=rows,
        n_users=met.shape[0],
        n_items=met.shape[1],
    )
    asked = Histories(met.indices.astype(np.int64), met.indptr.astype(np.int64))
    # Compiled before the clock starts.
    learner.fit(data, rng=derive(7, name)).top(asked[:2], K)
    begun = process_time()
    scorer = learner.fit(data, rng=derive(7, name))
    fitted = process_time()
    best = scorer.top(asked, K).items
    told = process_time()
    return {"fit": fitted - begun, "top": told - fitted, "recall": recall(best, wanted)}


def _theirs(name: str, python: str, met: sparse.csr_matrix, wanted: sparse.csr_matrix) -> dict[str, Any]:
    script = str(Path(__file__).with_name(f"speed_collaborative_{name}.py"))
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        sparse.save_npz(f"{folder}/met.npz", met)
        for model in LEARNERS:
            done = subprocess.run(
                [python, script, folder, model, str(K)],
                check=True,
                stdout=subprocess.PIPE,
                text=True,
                env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | one,
            )
            timed = json.loads(done.stdout.splitlines()[-1])
            found[model] = timed | {"recall": recall(np.load(f"{folder}/best.npy"), wanted)}
    return found


def recall(best: Floats | Ints, wanted: sparse.csr_matrix) -> float:
    """Return the mean recall of `best` (users, k), negative where empty, over those who want something."""
    owners = np.repeat(np.arange(len(best)), best.shape[1])
    listed = sparse.csr_matrix((best.ravel() >= 0, (owners, np.maximum(best.ravel(), 0))), shape=wanted.shape)
    hits = np.asarray(listed.multiply(wanted).sum(axis=1)).ravel()
    sizes = np.diff(wanted.indptr)
    return float((hits[sizes > 0] / sizes[sizes > 0]).mean())
