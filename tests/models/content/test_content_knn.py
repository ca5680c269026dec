import numpy as np
import pytest
from tests.models.conftest import Departments, orders

from equipoise.data.histories import Histories
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.models import ContentKNN
from equipoise.random import derive

EMBEDDED = ItemContent.of_embeddings(np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0], [0.0, 0.0]]))


def test_cosines_worked_out_by_hand() -> None:
    scorer = ContentKNN(content=EMBEDDED).fit(orders([[0, 1]], 4), rng=derive(1))
    expected = [[0, 0.6, 0, 0], [0.6, 0, 0.8, 0], [0, 0.8, 0, 0], [0, 0, 0, 0]]
    np.testing.assert_allclose(scorer.weights.toarray(), np.array(expected), atol=1e-6)


def test_every_item_keeps_its_own_nearest() -> None:
    """Item 1 is nearest to both others, and raises both although it keeps only item 2."""
    scorer = ContentKNN(content=EMBEDDED, n_neighbors=1).fit(orders([[0]], 4), rng=derive(1))
    np.testing.assert_allclose(scorer.weights.toarray()[1], np.array([0.6, 0, 0.8, 0]), atol=1e-6)
    np.testing.assert_allclose(scorer.weights.toarray()[2], np.array([0, 0.8, 0, 0]), atol=1e-6)


def test_of_equally_near_the_popular_is_kept() -> None:
    content = ItemContent.of_tags([["mug"]] * 3)
    scorer = ContentKNN(content=content, n_neighbors=1).fit(orders([[2], [2], [1]], 3), rng=derive(1))
    assert scorer.weights.toarray()[:, 0].tolist() == [0, 0, 1]


def test_an_item_nobody_met_is_recommended_to_those_of_its_department(departments: Departments) -> None:
    data = departments.data.where(departments.data.items % 10 != 3)
    content = ItemContent.of_tags([[f"department {item // 10}"] for item in range(30)])
    scorer = ContentKNN(content=content).fit(data, rng=derive(1))
    best = scorer.top(Histories.of([[11, 12]]), 8).items[0]
    assert 13 in best
    assert (best // 10 == 1).all()
    assert scorer.because(Histories.of([[11, 2]]), np.array([13]), 2).items.tolist() == [[11, -1]]


def test_without_content_or_with_that_of_other_items_it_is_refused() -> None:
    with pytest.raises(BadInputError, match="needs to be told of the items"):
        ContentKNN().fit(orders([[0]], 4), rng=derive(1))
    with pytest.raises(BadInputError, match="has 4 rows, the data 5 items"):
        ContentKNN(content=EMBEDDED).fit(orders([[0]], 5), rng=derive(1))
    with pytest.raises(BadInputError, match="decay in"):
        ContentKNN(decay=0.0)
