from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.models.conftest import Departments, orders

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models import ALS, Explains
from equipoise.models.factors.least_squares import LeastSquares
from equipoise.models.factors.scorer import LinearFactorScorer
from equipoise.random import derive
from equipoise.types import Floats

A0, REG = 0.2, 0.3
HISTORY = [1, 4, 7]


def shop(n_users: int = 40, n_items: int = 12) -> Interactions:
    rng = derive(8)
    return orders([rng.permutation(n_items)[: 2 + user % 9].tolist() for user in range(n_users)], n_items)


def fitted(**settings: Any) -> LinearFactorScorer:
    learner = ALS(embedding_size=4, unobserved_weight=A0, reg=REG, reg_exponent=0.0, **settings)
    return learner.fit(shop(), rng=derive(3))


def solution(y: Floats, history: list[int], weights: Floats, cost: float) -> Floats:
    """The normal equations of Hu et al. (2008), equation 4, over all items."""
    c = np.full(len(y), A0)
    c[history] += weights
    target = np.zeros(len(y))
    target[history] = weights
    found: Floats = np.linalg.solve((y.T * c) @ y + cost * np.eye(y.shape[1]), y.T @ target)
    return found


@pytest.mark.parametrize("history", [[2], HISTORY, list(range(10))])
def test_folds_a_history_in_by_the_normal_equations(history: list[int]) -> None:
    """Fewer items than factors, and more: two ways to the same solution."""
    scorer = fitted(iterations=3)
    expected = solution(scorer.items.astype(float), history, np.ones(len(history)), REG)
    np.testing.assert_allclose(scorer.queries(Histories.of([history]))[0], expected, rtol=1e-4, atol=1e-5)


def test_older_items_weigh_less() -> None:
    scorer = fitted(iterations=3, decay=0.5)
    expected = solution(scorer.items.astype(float), HISTORY, np.array([0.25, 0.5, 1.0]), REG)
    np.testing.assert_allclose(scorer.queries(Histories.of([HISTORY]))[0], expected, rtol=1e-4, atol=1e-5)


def test_vectors_pay_by_what_they_met() -> None:
    learner = ALS(embedding_size=4, iterations=3, unobserved_weight=A0, reg=0.05, reg_exponent=1.0)
    scorer = learner.fit(shop(), rng=derive(3))
    expected = solution(scorer.items.astype(float), HISTORY, np.ones(3), 0.05 * (3 + A0 * 12))
    np.testing.assert_allclose(scorer.queries(Histories.of([HISTORY]))[0], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("solver", [{"solver": "conjugate"}, {"solver": "blocks", "block_size": 3}])
def test_every_solver_ends_where_the_exact_one_does(solver: dict[str, Any]) -> None:
    asked = shop().histories()
    exact = fitted(iterations=200, solver="exact").score(asked)
    np.testing.assert_allclose(fitted(iterations=200, **solver).score(asked), exact, atol=2e-3)


def test_finds_the_planted_departments(departments: Departments) -> None:
    assert departments.precision(ALS(embedding_size=3).fit(departments.data, rng=derive(1))) == 1.0


def test_what_the_items_added_is_the_score() -> None:
    scorer = fitted(iterations=3)
    assert isinstance(scorer, Explains)
    fold = scorer.fold
    shares = fold.shares(np.array(HISTORY), np.ones(3), scorer.items, 5)
    assert shares.sum() == pytest.approx(scorer.score(Histories.of([HISTORY]))[0, 5], abs=1e-5)


def test_a_recommendation_is_explained_by_the_department(departments: Departments) -> None:
    scorer = ALS(embedding_size=3).fit(departments.data, rng=derive(1))
    reasons = scorer.because(Histories.of([[3, 15, 4, 28]]), np.array([7]), 2)
    assert set(reasons.items[0].tolist()) == {3, 4}
    assert (np.diff(reasons.scores[0]) <= 0).all()


def test_similar_items_are_of_the_same_department(departments: Departments) -> None:
    scorer = ALS(embedding_size=3).fit(departments.data, rng=derive(1))
    assert (scorer.similar(np.array([3, 15, 28]), 9).items // 10 == [[0], [1], [2]]).all()


def weighed(weights: list[float]) -> Interactions:
    data = orders([[0, 1], [0, 1], [0, 2], [1, 2]], 3)
    return replace(data, weights=np.array(weights))


def test_pairs_weigh_what_their_rows_add_up_to() -> None:
    learner = ALS(embedding_size=2, iterations=5, power=1.0)
    twice = orders([[0, 0, 1], [0, 1], [0, 2], [1, 2]], 3)
    heavy, repeated = weighed([2, 1, 1, 1, 1, 1, 1, 1]), twice
    one, two = (learner.fit(data, rng=derive(1)).items for data in (heavy, repeated))
    np.testing.assert_array_equal(one, two)


def test_equal_weights_are_no_weights() -> None:
    data = weighed([3.0] * 8)
    one, two = (ALS(embedding_size=2, power=power).fit(data, rng=derive(1)).items for power in (0.0, 0.5))
    np.testing.assert_array_equal(one, two)


def test_an_empty_history_scores_nothing() -> None:
    assert not fitted(iterations=2).score(Histories.of([[]])).any()


def test_its_fold_is_data() -> None:
    assert isinstance(fitted(iterations=1).fold, LeastSquares)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"embedding_size": 0}, "must be at least 1"),
        ({"reg": 0.0}, "reg and unobserved_weight must be above 0"),
        ({"decay": 1.5}, "decay: must be above 0 and at most 1"),
        ({"solver": "guess"}, "solver: must be one of conjugate, blocks, exact"),
    ],
)
def test_settings_out_of_range_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        ALS(**settings)
