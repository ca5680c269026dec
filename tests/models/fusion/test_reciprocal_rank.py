import numpy as np
import pytest
from tests.models.conftest import Departments, orders

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models import EASE, Popularity, ReciprocalRank
from equipoise.models.fusion.reciprocal_rank import ReciprocalRankScorer, ranks
from equipoise.random import derive


def test_equal_scores_share_the_mean_of_their_ranks() -> None:
    assert ranks(np.array([[0.3, 0.9, 0.3, 0.1]], np.float32)).tolist() == [[2.5, 1.0, 2.5, 4.0]]


def test_worked_out_by_hand() -> None:
    """Popularity has item 1 first, then 0, then 2; two such lists with k = 1."""
    one = Popularity().fit(orders([[0, 1], [1, 0], [1, 2]], 3), rng=derive(1))
    two = Popularity().fit(orders([[2, 1], [2, 1], [2, 0]], 3), rng=derive(1))
    found = ReciprocalRankScorer(scorers={"a": one, "b": two}, k=1.0).score(Histories.of([[]]))
    np.testing.assert_allclose(found, np.array([[1 / 3 + 1 / 4, 1 / 2 + 1 / 3, 1 / 4 + 1 / 2]]), rtol=1e-6)


def test_finds_the_planted_departments(departments: Departments) -> None:
    learner = ReciprocalRank(learners={"ease": EASE(reg=10.0)})
    assert departments.precision(learner.fit(departments.data, rng=derive(1))) == 1.0


def test_what_cannot_be_fused_is_refused() -> None:
    with pytest.raises(BadInputError, match="needs learners"):
        ReciprocalRank(learners={})
    with pytest.raises(BadInputError, match="k at least 0"):
        ReciprocalRank(k=-1.0)
    small = Popularity().fit(orders([[0]], 1), rng=derive(1))
    large = Popularity().fit(orders([[0]], 2), rng=derive(1))
    with pytest.raises(BadInputError, match="score the same items"):
        ReciprocalRankScorer(scorers={"a": small, "b": large}, k=60.0)
