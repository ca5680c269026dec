"""PureSVD (Cremonesi, Koren and Turrin, 2010, "Performance of Recommender Algorithms on Top-N Tasks").

With the columns scaled as by Nikolakopoulos et al. (2019), "EigenRec".
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.factors.scorer import LinearFactorScorer
from equipoise.models.factors.sum_of_items import SumOfItems
from equipoise.models.space import Between, Whole, tunable
from equipoise.progress import report
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class PureSVD:
    """The right singular vectors V of the matrix r of what users met, 0 where nothing is known.

    A history r scores r V V'. Each column is first scaled by its length ** (`scaling` - 1): 1 leaves it, and
    less keeps the items that everybody meets from filling the first factors. An item `age` places before
    the newest of its history counts `decay` ** `age`.
    """

    embedding_size: int = tunable(64, Whole(16, 1024, log=True))
    scaling: float = tunable(1.0, Between(0.0, 1.5))
    decay: float = tunable(1.0, Between(0.3, 1.0))

    def __post_init__(self) -> None:
        if self.embedding_size < 1:
            raise BadInputError("embedding_size", f"must be at least 1, is {self.embedding_size}")
        if not 0 < self.decay <= 1:
            raise BadInputError("decay", f"must be above 0 and at most 1, is {self.decay}")

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> LinearFactorScorer:
        """Find the factors; `rng` starts the iteration that does."""
        report("pure_svd", 0, 1)
        met = data.matrix(self.decay)
        lengths = np.sqrt(np.asarray(met.multiply(met).sum(axis=0)).ravel())
        scales = np.maximum(lengths, 1.0) ** (self.scaling - 1.0)
        factors = _right_vectors(met @ sparse.diags_array(scales), self.embedding_size, rng)
        report("pure_svd", 1, 1)
        fold = SumOfItems(vectors=np.asarray(factors * scales[:, None], np.float32))
        return LinearFactorScorer(items=factors.astype(np.float32), fold=fold, decay=self.decay)


def _right_vectors(matrix: sparse.csr_matrix, k: int, rng: np.random.Generator) -> Floats:
    """Return the first `k` right singular vectors, (n_items, k), or as many as there are."""
    few = min(matrix.shape)
    if k < few and matrix.nnz > 0:
        start = rng.uniform(0.5, 1.5, few)
        _, _, vectors = svds(matrix.astype(np.float64), k=k, v0=start, return_singular_vectors="vh")
    else:
        _, _, vectors = np.linalg.svd(matrix.toarray(), full_matrices=False)
    return np.ascontiguousarray(vectors[:k].T)
