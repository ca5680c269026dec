import numpy as np
import pytest
from scipy import sparse

from equipoise.errors import BadInputError
from equipoise.models.neighbours.nearest import Index
from equipoise.models.neighbours.similarities import (
    BM25,
    SIMILARITIES,
    AdjustedCosine,
    AsymmetricCosine,
    Pearson,
    Similarity,
    similarity_of,
)
from equipoise.types import Floats

MET = np.array([[1, 1, 1, 0], [1, 0, 1, 0], [0, 0, 1, 1]])
"""Three things with 3, 2 and 2 of four features."""
RATINGS = np.array([[5, 3, 0], [4, 2, 1], [0, 1, 5]])
"""Three items by three users; 0 is no rating."""


def table(similarity: str | Similarity, cells: Floats | None = None, shrinkage: float = 0.0) -> Floats:
    """Return all similarities of the rows of `cells`, those not above 0 as 0."""
    things = sparse.csr_matrix(MET if cells is None else cells, dtype=np.float32)
    vectors = similarity_of(similarity).learn(things).vectors(things)
    found: Floats = Index.of(vectors).nearest(vectors, 9, shrinkage=shrinkage).toarray()
    return found


def cosine(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1)
    return np.maximum(rows @ rows.T / np.outer(lengths, lengths), 0.0)


def test_cosine() -> None:
    a, b, c = 2 / np.sqrt(6), 1 / np.sqrt(6), 1 / 2
    np.testing.assert_allclose(table("cosine"), [[1, a, b], [a, 1, c], [b, c, 1]], rtol=1e-6)


def test_jaccard() -> None:
    a, b, c = 2 / 3, 1 / 4, 1 / 3
    np.testing.assert_allclose(table("jaccard"), [[1, a, b], [a, 1, c], [b, c, 1]], rtol=1e-6)


def test_asymmetric_cosine_is_the_chance_of_the_one_given_the_other() -> None:
    given_row = table(AsymmetricCosine(alpha=1.0))
    np.testing.assert_allclose(given_row, [[1, 2 / 3, 1 / 3], [1, 1, 1 / 2], [1 / 2, 1 / 2, 1]], rtol=1e-6)
    np.testing.assert_allclose(table(AsymmetricCosine(alpha=0.0)), given_row.T, rtol=1e-6)
    np.testing.assert_allclose(table(AsymmetricCosine(alpha=0.5)), table("cosine"), rtol=1e-6)


def test_tf_idf_says_nothing_of_what_all_have() -> None:
    """Features are had by 2, 1, 3, 1 of 3: log(3/3), log(3/2), 0, log(3/2)."""
    np.testing.assert_allclose(table("tf_idf"), [[1, 0, 0], [0, 0, 0], [0, 0, 1]], atol=1e-6)
    many = np.vstack([MET, np.zeros((7, 4))])
    weights = np.log(10 / np.array([3, 2, 4, 2]))
    np.testing.assert_allclose(table("tf_idf", many)[:3, :3], cosine(MET * weights), rtol=1e-5)


def test_bm25() -> None:
    many = np.vstack([MET, np.zeros((7, 4))])
    idf, length = np.log(10 / np.array([3, 2, 4, 2])), np.array([3, 2, 2]) / 0.7
    weighed = MET * idf * 2.2 / (MET + 1.2 * (0.25 + 0.75 * length[:, None]))
    np.testing.assert_allclose(table(BM25(k1=1.2, b=0.75), many)[:3, :3], weighed @ weighed.T, rtol=1e-5)


def test_adjusted_cosine_takes_off_the_mean_of_each_user() -> None:
    centred = np.array([[0.5, 1, 0], [-0.5, 0, -2], [0, -1, 2]])
    np.testing.assert_allclose(table(AdjustedCosine(), RATINGS), cosine(centred), atol=1e-6)


def test_pearson_takes_off_the_mean_of_each_item() -> None:
    centred = np.array([[1, -1, 0], [5 / 3, -1 / 3, -4 / 3], [0, -2, 2]])
    np.testing.assert_allclose(table(Pearson(), RATINGS), cosine(centred), atol=1e-6)


@pytest.mark.parametrize("name", sorted(SIMILARITIES))
def test_shrinkage_lowers_what_is_divided(name: str) -> None:
    plain, shrunk = table(name, RATINGS), table(name, RATINGS, shrinkage=3.0)
    assert (shrunk[plain > 0] < plain[plain > 0]).all()


@pytest.mark.parametrize("name", sorted(SIMILARITIES))
def test_newcomers_are_compared_by_the_statistics_of_those_before(name: str) -> None:
    things = sparse.csr_matrix(RATINGS, dtype=np.float32)
    measure = similarity_of(name).learn(things)
    all_of_them, one = measure.vectors(things), measure.vectors(things[1])
    np.testing.assert_allclose(one.matrix.toarray()[0], all_of_them.matrix.toarray()[1], rtol=1e-6)
    assert one.from_sizes[0] == all_of_them.from_sizes[1]


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(BadInputError, match=r"none is called 'cos'; choose from .*cosine"):
        similarity_of("cos")


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(BadInputError, match="alpha: must be from 0 to 1"):
        AsymmetricCosine(alpha=1.5)
    with pytest.raises(BadInputError, match="k1 must be at least 0"):
        BM25(k1=-1.0)
