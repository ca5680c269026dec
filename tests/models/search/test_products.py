import numpy as np
import pytest

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models.search.products import top_of_products
from equipoise.random import derive


def vectors(n: int, f: int, name: str) -> np.ndarray:
    return derive(3, name).normal(size=(n, f)).astype(np.float32)


def test_the_largest_products_are_found() -> None:
    queries, items = vectors(30, 8, "queries"), vectors(200, 8, "items")
    best = top_of_products(queries, items, 7)
    scores = queries @ items.T
    np.testing.assert_array_equal(best.items, np.argsort(-scores, axis=1, kind="stable")[:, :7])
    np.testing.assert_allclose(best.scores, -np.sort(-scores, axis=1)[:, :7], rtol=1e-5)


def test_what_was_seen_is_left_out() -> None:
    queries, items = vectors(2, 4, "queries"), vectors(6, 4, "items")
    best = top_of_products(queries, items, 6, Histories.of([[0, 1, 99], [5]]))
    assert set(best.items[0].tolist()) == {2, 3, 4, 5, -1}
    assert set(best.items[1].tolist()) == {0, 1, 2, 3, 4, -1}


def test_no_queries_and_no_items() -> None:
    assert top_of_products(vectors(0, 4, "q"), vectors(6, 4, "i"), 3).items.shape == (0, 3)
    assert top_of_products(vectors(2, 4, "q"), vectors(0, 4, "i"), 3).items.tolist() == [[-1] * 3] * 2


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BadInputError, match="do not fit"):
        top_of_products(vectors(2, 4, "q"), vectors(6, 5, "i"), 3)
    with pytest.raises(BadInputError, match="give one each"):
        top_of_products(vectors(2, 4, "q"), vectors(6, 4, "i"), 3, Histories.of([[1]]))
