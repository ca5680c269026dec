import numpy as np
import pytest
from scipy import sparse

from equipoise.data.histories import Histories
from equipoise.models import Explains
from equipoise.models.item_item import DenseItems, SparseItems

WEIGHTS = np.array([[0, 2, 1, 0], [2, 0, -1, 0], [1, 0, 0, 4], [0, 0, 0, 0]], np.float32)
HISTORIES = Histories.of([[0, 1, 2], [3], [], [1, 0]])


@pytest.fixture(params=["dense", "sparse"])
def aged(request: pytest.FixtureRequest) -> DenseItems | SparseItems:
    if request.param == "dense":
        return DenseItems(weights=WEIGHTS, decay=0.5)
    return SparseItems(weights=sparse.csr_matrix(WEIGHTS), decay=0.5)


def test_what_was_met_long_ago_says_less(aged: DenseItems | SparseItems) -> None:
    scores = aged.score(HISTORIES)
    np.testing.assert_allclose(scores[0], [2, 0.5, -0.25, 4])
    np.testing.assert_allclose(scores[3], [1, 2, 0.5, 0])
    assert not scores[1:3].any()
    np.testing.assert_allclose(aged.score(HISTORIES[3:]), scores[3:])


def test_a_recommendation_is_explained_by_what_added_to_it(aged: DenseItems | SparseItems) -> None:
    assert isinstance(aged, Explains)
    why = aged.because(HISTORIES, np.array([0, 1, 2, 2]), 2)
    assert why.items.tolist() == [[1, 2], [-1, -1], [-1, -1], [0, -1]]
    np.testing.assert_allclose(why.scores[0], [1, 1])
    assert aged.because(HISTORIES, np.array([-1, 9, 0, 0]), 2).items[0].tolist() == [-1, -1]
