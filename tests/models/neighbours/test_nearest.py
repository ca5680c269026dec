import numpy as np
import pytest
from scipy import sparse

from equipoise.models.neighbours import nearest
from equipoise.models.neighbours.nearest import Index
from equipoise.models.neighbours.similarities.vectors import Vectors
from equipoise.progress import watched_by
from equipoise.random import derive
from equipoise.types import Floats


def vectors(n: int = 300, *, signed: bool = False, union: bool = False) -> Vectors:
    rng = derive(3, "vectors")
    matrix = sparse.random(n, 80, 0.2, "csr", np.float32, rng)
    if signed:
        matrix.data = rng.integers(-2, 3, matrix.nnz).astype(np.float32)
    sizes = rng.uniform(5, 9, (2, n)).astype(np.float32)
    return Vectors(matrix=matrix, from_sizes=sizes[0], to_sizes=sizes[1], union=union)


def all_pairs(things: Vectors, shrinkage: float) -> Floats:
    product = (things.matrix @ things.matrix.T).toarray()
    sizes = np.outer(things.from_sizes, things.to_sizes)
    if things.union:
        sizes = things.from_sizes[:, None] + things.to_sizes - product
    return np.asarray(np.maximum(product / (sizes + shrinkage), 0.0))


@pytest.mark.parametrize("n", [1, 7, 100, 299, 1000])
@pytest.mark.parametrize(("signed", "union"), [(False, False), (True, False), (False, True)])
def test_the_best_are_those_of_all_pairs(n: int, signed: bool, union: bool) -> None:
    things = vectors(signed=signed, union=union)
    found = Index.of(things).nearest(things, n, shrinkage=2.0, itself=False)
    wanted = all_pairs(things, 2.0)
    np.fill_diagonal(wanted, 0.0)
    for row in range(len(wanted)):
        best = np.sort(wanted[row])[::-1][:n]
        values = np.sort(found[row].data)[::-1]
        np.testing.assert_allclose(values, best[: len(values)], rtol=1e-4)
        assert (best[len(values) :] < 1e-6).all()
        np.testing.assert_allclose(found[row].data, wanted[row, found[row].indices], rtol=1e-4)
        assert len(set(found[row].indices)) == found[row].nnz


def test_scores_far_apart_are_told_apart() -> None:
    """Ranges beyond what the levels of the sieve cover end in its last level."""
    scores = 10.0 ** -np.arange(30.0)
    ones = np.ones(30, np.float32)
    index = Index(postings=sparse.csr_matrix(scores[None], dtype=np.float32), sizes=ones)
    asked = Vectors(
        matrix=sparse.csr_matrix([[1.0]], dtype=np.float32), from_sizes=ones[:1], to_sizes=ones[:1]
    )
    for n in (1, 5, 12, 29):
        assert sorted(index.nearest(asked, n).indices) == list(range(n))


def test_blocks_and_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    things = vectors()
    whole = Index.of(things).nearest(things, 10)
    monkeypatch.setattr(nearest, "BLOCK", 7)
    for threads in (1, 2):
        monkeypatch.setattr(nearest, "THREADS", threads)
        parts = Index.of(things).nearest(things, 10)
        np.testing.assert_array_equal(whole.toarray(), parts.toarray())


def test_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "BLOCK", 100)
    seen: list[tuple[str, int, int]] = []
    things = vectors()
    with watched_by(lambda what, done, total, note: seen.append((what, done, total))):
        Index.of(things).nearest(things, 3, what="neighbours")
    assert seen == [("neighbours", 1, 3), ("neighbours", 2, 3), ("neighbours", 3, 3)]
