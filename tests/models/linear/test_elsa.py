import numpy as np
import pytest
from scipy import sparse
from tests.models.conftest import Departments

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models import ELSA
from equipoise.models.linear.elsa import LowRankItems, slope, unit
from equipoise.random import derive
from equipoise.types import Floats


def loss(x: Floats, vectors: Floats) -> float:
    y = x @ (vectors @ vectors.T - np.eye(len(vectors)))
    off = x / np.linalg.norm(x, axis=1, keepdims=True) - y / np.linalg.norm(y, axis=1, keepdims=True)
    return float((off**2).sum(axis=1).mean())


def test_the_gradient_is_that_of_the_loss_along_the_sphere() -> None:
    rng = derive(3)
    x = (rng.random((9, 7)) < 0.5) * rng.random((9, 7)) + np.eye(9, 7)
    vectors = unit(rng.standard_normal((7, 3)))
    found = slope(sparse.csr_matrix(x), vectors)
    for item, place in [(0, 0), (3, 2), (6, 1)]:
        bump = np.zeros_like(vectors)
        bump[item, place] = 1e-5
        ahead, behind = loss(x, unit(vectors + bump)), loss(x, unit(vectors - bump))
        np.testing.assert_allclose(found[item, place], (ahead - behind) / 2e-5, atol=1e-5)


def test_scores_are_the_history_times_the_square_less_itself() -> None:
    vectors = unit(np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])).astype(np.float32)
    scorer = LowRankItems(vectors=vectors, decay=0.5)
    half = np.sqrt(0.5)
    found = scorer.score(Histories.of([[0, 1], []]))
    np.testing.assert_allclose(found, [[half, half / 2, half], [0, 0, 0]], atol=1e-6)
    reasons = scorer.because(Histories.of([[0, 1]]), np.array([2]), 2)
    assert reasons.items.tolist() == [[1, -1]]


def test_finds_the_planted_departments(departments: Departments) -> None:
    learner = ELSA(embedding_size=8, epochs=30, batch_size=16, learning_rate=0.05)
    assert departments.precision(learner.fit(departments.data, rng=derive(1))) == 1.0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "must be at least 1"),
        ({"learning_rate": 0.0}, "learning_rate: must be above 0"),
        ({"decay": 0.0}, "decay: must be above 0"),
    ],
)
def test_settings_out_of_range_are_refused(settings: dict[str, float], message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        ELSA(**settings)  # type: ignore[arg-type]
