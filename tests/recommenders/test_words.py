"""The words of items: likeness to a history, and scores borrowed by what the models never met."""

import numpy as np
import pytest
from scipy import sparse

from equipoise.recommenders.words import affinity, through_words
from equipoise.types import Floats


@pytest.fixture
def content() -> sparse.csr_matrix:
    """Five items over four words: 0 and 1 share theirs, 2 has half of them, 3 has others, 4 has none."""
    half = np.sqrt(0.5)
    rows = [[half, half, 0, 0], [half, half, 0, 0], [1, 0, 0, 0], [0, 0, half, half], [0, 0, 0, 0]]
    return sparse.csr_matrix(np.array(rows, np.float32))


def cosine(content: sparse.csr_matrix, items: list[int]) -> Floats:
    rows = content.toarray()
    mean = rows[items].sum(axis=0)
    return np.asarray(rows @ mean / max(np.linalg.norm(mean), 1e-30))


@pytest.mark.parametrize("items", [[0], [0, 3], [2, 2, 3], [4], []])
def test_affinity_is_the_cosine_with_the_mean_of_the_items(
    content: sparse.csr_matrix, items: list[int]
) -> None:
    found = affinity(content, np.array(items, np.int64))
    np.testing.assert_allclose(found, cosine(content, items), atol=1e-6)
    assert found.dtype == np.float32


def test_codes_outside_the_catalogue_are_left_out(content: sparse.csr_matrix) -> None:
    np.testing.assert_array_equal(affinity(content, np.array([-1, 0, 5])), affinity(content, np.array([0])))


def test_a_new_item_borrows_from_those_that_share_its_words(content: sparse.csr_matrix) -> None:
    parts = np.array([[2.0, 9.0, 1.0]], np.float32)
    new = np.array([False, True, False, True, True])
    found = through_words(parts, new, content)
    half = np.sqrt(0.5)
    np.testing.assert_allclose(found[0, 1], (2.0 + half) / (1.0 + half + 1.0), rtol=1e-6)
    np.testing.assert_array_equal(found[0, [0, 2]], parts[0, [0, 2]])
    np.testing.assert_array_equal(found[0, 3:], 0.0)


def test_without_new_items_the_scores_are_those_of_the_models(content: sparse.csr_matrix) -> None:
    parts = np.arange(10, dtype=np.float32).reshape(2, 5)
    np.testing.assert_array_equal(through_words(parts, np.zeros(5, np.bool_), content), parts)
