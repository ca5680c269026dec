from typing import Any

import numpy as np
import pytest
from tests.models.conftest import Departments, orders

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models import Explains, PureSVD
from equipoise.random import derive

ROWS = [derive(6, row).permutation(12)[:5].tolist() for row in range(30)]


def test_a_history_scores_its_projection_on_the_factors() -> None:
    """r V V', against a full singular value decomposition."""
    data = orders(ROWS, 12)
    matrix = data.matrix().toarray()
    _, _, vectors = np.linalg.svd(matrix)
    expected = matrix @ vectors[:3].T @ vectors[:3]
    found = PureSVD(embedding_size=3).fit(data, rng=derive(1)).score(data.histories())
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_scaled_columns_are_those_of_eigenrec() -> None:
    data = orders(ROWS, 12)
    matrix = data.matrix().toarray()
    scaled = matrix * np.linalg.norm(matrix, axis=0) ** -0.5
    _, _, vectors = np.linalg.svd(scaled)
    expected = scaled @ vectors[:3].T @ vectors[:3]
    found = PureSVD(embedding_size=3, scaling=0.5).fit(data, rng=derive(1)).score(data.histories())
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_more_factors_than_items_give_the_history_back() -> None:
    scorer = PureSVD(embedding_size=99).fit(orders(ROWS, 12), rng=derive(1))
    np.testing.assert_allclose(
        scorer.score(Histories.of([[3, 8]]))[0], np.isin(np.arange(12), [3, 8]), atol=1e-5
    )


def test_finds_the_planted_departments(departments: Departments) -> None:
    assert departments.precision(PureSVD(embedding_size=3).fit(departments.data, rng=derive(1))) == 1.0


def test_a_recommendation_is_explained_by_the_department(departments: Departments) -> None:
    scorer = PureSVD(embedding_size=3).fit(departments.data, rng=derive(1))
    assert isinstance(scorer, Explains)
    reasons = scorer.because(Histories.of([[3, 15, 4, 28]]), np.array([7]), 2)
    assert set(reasons.items[0].tolist()) == {3, 4}


@pytest.mark.parametrize("settings", [{"embedding_size": 0}, {"decay": 0.0}])
def test_settings_out_of_range_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match=r"at least 1|above 0"):
        PureSVD(**settings)
