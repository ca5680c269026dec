from dataclasses import replace

import numpy as np
import pytest
from tests.models.conftest import Departments, orders

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models import ItemKNN
from equipoise.models.neighbours.similarities import SIMILARITIES
from equipoise.random import derive


def test_cosine_worked_out_by_hand() -> None:
    """Items 0 and 1 share two users of two and three; item 2 shares one of one with item 1."""
    data = orders([[0, 1], [1, 0], [1, 2]], 3)
    table = ItemKNN(n_neighbors=3, shrinkage=0.0).fit(data, rng=derive(1)).weights.toarray()
    a, b = 2 / np.sqrt(2 * 3), 1 / np.sqrt(3 * 1)
    np.testing.assert_allclose(table, [[0, a, 0], [a, 0, b], [0, b, 0]], rtol=1e-6)


def test_shrinkage_lowers_what_few_users_share() -> None:
    data = orders([[0, 1], [1, 0], [1, 2]], 3)
    table = ItemKNN(shrinkage=5.0).fit(data, rng=derive(1)).weights.toarray()
    assert table[0, 1] == pytest.approx(2 / (np.sqrt(6) + 5))


def test_only_the_nearest_are_kept() -> None:
    data = orders([[0, 1, 2], [0, 1], [0, 1], [0, 3]], 4)
    table = ItemKNN(n_neighbors=1, shrinkage=1.0).fit(data, rng=derive(1)).weights
    assert np.diff(table.indptr).tolist() == [1, 1, 1, 1]
    assert table.indices[0] == 1


def test_repeats_of_an_item_count_once() -> None:
    scorer = ItemKNN().fit(orders([[0, 1], [1, 2]], 3), rng=derive(1))
    one, two = scorer.score(Histories.of([[0]])), scorer.score(Histories.of([[0, 0]]))
    np.testing.assert_array_equal(one, two)


def test_finds_the_planted_departments(departments: Departments) -> None:
    assert departments.precision(ItemKNN().fit(departments.data, rng=derive(1))) == 1.0


def test_similar_stops_where_no_user_links_items() -> None:
    scorer = ItemKNN().fit(orders([[0, 1], [2]], 3), rng=derive(1))
    assert scorer.similar(np.array([0, 2]), 2).items.tolist() == [[1, -1], [-1, -1]]


def test_no_neighbours_are_refused() -> None:
    with pytest.raises(BadInputError, match="n_neighbors must be at least 1"):
        ItemKNN(n_neighbors=0)


def test_ratings_are_the_weights_and_repeats_are_averaged() -> None:
    """Users 0 and 1 rate items 0 and 1 alike; user 0 rates item 0 twice, 5 and 3."""
    data = orders([[0, 1, 2, 0], [0, 1, 2]], 3)
    rated = replace(data, weights=np.array([5.0, 4, 1, 3, 5, 5, 2]))
    table = ItemKNN(similarity="adjusted_cosine", shrinkage=0.0).fit(rated, rng=derive(1)).weights.toarray()
    centred = np.array([[1, 1], [1, 1], [-2, -2]])
    np.testing.assert_allclose(table[0, 1], 1.0, rtol=1e-6)
    assert (table >= 0).all()
    assert table[0, 2] == 0, centred


@pytest.mark.parametrize("name", sorted(SIMILARITIES))
def test_every_similarity_finds_the_planted_departments(departments: Departments, name: str) -> None:
    data = departments.data
    if SIMILARITIES[name].of_ratings:
        likes = np.where(data.items % 10 < 5, 2.0, 4.0) + derive(3).uniform(-1, 1, len(data))
        scorer = ItemKNN(similarity=name).fit(replace(data, weights=likes), rng=derive(1))
        assert departments.precision(scorer) > 0.6
        return
    assert departments.precision(ItemKNN(similarity=name).fit(data, rng=derive(1))) == 1.0


def test_an_unknown_similarity_is_refused_at_once() -> None:
    with pytest.raises(BadInputError, match="none is called 'euclid'"):
        ItemKNN(similarity="euclid")
