import numpy as np
import pytest

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models.learner import TopK
from equipoise.models.search.products import FEW, FIRST, top_of_products
from equipoise.random import derive


def vectors(n: int, f: int, name: str) -> np.ndarray:
    return derive(3, name).normal(size=(n, f)).astype(np.float32)


def test_the_largest_products_are_found() -> None:
    queries, items = vectors(30, 8, "queries"), vectors(200, 8, "items")
    best = top_of_products(queries, items, 7)
    scores = queries @ items.T
    np.testing.assert_array_equal(best.items, np.argsort(-scores, axis=1, kind="stable")[:, :7])
    np.testing.assert_allclose(best.scores, -np.sort(-scores, axis=1)[:, :7], rtol=1e-5)


@pytest.mark.parametrize("spread", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("k", [1, 40])
def test_the_same_whether_or_not_lengths_allow_to_stop_early(spread: float, k: int) -> None:
    """Longer than a step of items, with seen ones, and with every item twice so that all scores are tied."""
    lengths = np.exp(spread * derive(4, "lengths").normal(size=(FIRST, 1)))
    items = np.repeat((vectors(FIRST, 6, "items") * lengths).astype(np.float32), 2, axis=0)
    queries = vectors(2 * FEW, 6, "queries")
    seen = Histories.of([derive(5, row).integers(0, len(items), 30) for row in range(len(queries))])
    found = top_of_products(queries, items, k, seen)
    expected = TopK.of(queries @ items.T, k, left_out=seen)
    np.testing.assert_allclose(found.scores, expected.scores, rtol=1e-4)
    assert (found.items == expected.items).mean() > 0.999
    for codes, other in zip(found.items, seen, strict=True):
        assert not np.isin(codes, other).any()


def test_few_queries_and_many_give_the_same() -> None:
    queries, items = vectors(3 * FEW, 5, "queries"), vectors(300, 5, "items")
    many = top_of_products(queries, items, 9)
    few = top_of_products(queries[:2], items, 9)
    np.testing.assert_array_equal(few.items, many.items[:2])


def test_items_without_length() -> None:
    best = top_of_products(vectors(FEW, 4, "queries"), np.zeros((5, 4), np.float32), 3)
    assert best.items.tolist() == [[0, 1, 2]] * FEW


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
