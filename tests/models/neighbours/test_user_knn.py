import numpy as np
import pytest
from tests.models.conftest import Departments, orders

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models import Explains, UserKNN
from equipoise.random import derive

SHOP = orders([[0, 1], [1, 2, 3], [], [3]], 5)


def test_cosine_worked_out_by_hand() -> None:
    """A visitor with items 0 and 1 is 1 from the first user, 1 / sqrt(2 * 3) from the second."""
    scores = UserKNN().fit(SHOP, rng=derive(1)).score(Histories.of([[1, 0]]))
    b = 1 / np.sqrt(6)
    np.testing.assert_allclose(scores, [[1, 1 + b, b, b, 0]], rtol=1e-6)


def test_only_the_nearest_users_are_asked() -> None:
    scores = UserKNN(n_neighbors=1).fit(SHOP, rng=derive(1)).score(Histories.of([[1, 0], [3]]))
    np.testing.assert_allclose(scores, [[1, 1, 0, 0, 0], [0, 0, 0, 1, 0]], rtol=1e-6)


def test_sharpness_raises_what_a_neighbour_says_to_a_power() -> None:
    plain = UserKNN().fit(SHOP, rng=derive(1)).neighbours(Histories.of([[1]])).toarray()
    sharp = UserKNN(sharpness=2.0).fit(SHOP, rng=derive(1)).neighbours(Histories.of([[1]])).toarray()
    np.testing.assert_allclose(sharp, plain**2, rtol=1e-6)


def test_old_items_of_the_history_say_less() -> None:
    scorer = UserKNN(decay=0.5).fit(orders([[0, 2], [1, 3]], 4), rng=derive(1))
    scores = scorer.score(Histories.of([[0, 1]]))[0]
    assert scores[3] == pytest.approx(2 * scores[2])


@pytest.mark.parametrize("similarity", ["cosine", "jaccard", "asymmetric", "tf_idf", "bm25"])
def test_finds_the_planted_departments(departments: Departments, similarity: str) -> None:
    scorer = UserKNN(n_neighbors=20, similarity=similarity).fit(departments.data, rng=derive(1))
    assert departments.precision(scorer) == 1.0


def test_the_reasons_add_up_to_the_score() -> None:
    scorer = UserKNN().fit(SHOP, rng=derive(1))
    asked = Histories.of([[1, 0, 3], [3], []])
    why = scorer.because(asked, np.array([2, 4, 2]), 3)
    assert isinstance(scorer, Explains)
    assert why.items.tolist() == [[1, 3, -1], [-1, -1, -1], [-1, -1, -1]]
    assert why.scores[0, :2].sum() == pytest.approx(scorer.score(asked)[0, 2])


def test_ratings_are_refused_for_histories_have_none() -> None:
    with pytest.raises(BadInputError, match="histories have no ratings; choose cosine"):
        UserKNN(similarity="pearson")
    with pytest.raises(BadInputError, match="n_neighbors must be at least 1"):
        UserKNN(n_neighbors=0)
