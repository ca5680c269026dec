import numpy as np
import pytest
from tests.models.conftest import Departments, orders

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models import BorrowedRules, Explains, SequentialRules, SessionBlend, SessionKNN
from equipoise.random import derive

ASKED = Histories.of([[1, 2, 3, 2], [], [5], [7, 99, 8]])
LEARNER = SessionBlend(
    knn=SessionKNN(n_neighbors=15),
    rules=SequentialRules(decay=0.3),
    rules_weight=0.4,
    borrowed_weight=0.7,
    reminder_weight=0.5,
    reminder_decay=0.6,
)


@pytest.fixture(scope="module")
def data() -> Interactions:
    rng = derive(8)
    return orders([rng.integers(0, 20, 6).tolist() for _ in range(60)], 20)


def test_the_score_is_the_weighted_sum_of_the_parts(data: Interactions) -> None:
    scorer = LEARNER.fit(data, rng=derive(1))
    knn = LEARNER.knn.fit(data, rng=derive(1))
    rules = LEARNER.rules.fit(data, rng=derive(1)).score(ASKED)
    borrowed = BorrowedRules().fit(data, rng=derive(1)).score(ASKED)
    expected = (knn.score(ASKED) + 0.4 * rules + 0.7 * borrowed) * knn.past.trends() ** LEARNER.trend
    expected += 0.5 * ASKED.matrix(20, 0.6).toarray()
    np.testing.assert_allclose(scorer.score(ASKED), expected, atol=1e-5)


def test_parts_of_no_weight_are_not_fitted(data: Interactions) -> None:
    alone = SessionBlend(rules_weight=0.0, borrowed_weight=0.0, trend=0.0, reminder_weight=0.0)
    scorer = alone.fit(data, rng=derive(1))
    assert scorer.rules.weights.nnz == scorer.borrowed.weights.nnz == 0
    np.testing.assert_array_equal(scorer.score(ASKED), SessionKNN().fit(data, rng=derive(1)).score(ASKED))


def test_shoppers_are_reminded_of_what_they_have_just_seen(data: Interactions) -> None:
    scorer = SessionBlend(reminder_weight=9.0).fit(data, rng=derive(1))
    best = scorer.top(Histories.of([[4, 11, 17]]), 3, exclude_seen=False)
    assert best.items[0].tolist() == [17, 11, 4]


def test_reasons_add_up_to_the_score(data: Interactions) -> None:
    scorer = LEARNER.fit(data, rng=derive(1))
    items = np.array([2, 4, 6, 0])
    assert isinstance(scorer, Explains)
    why = scorer.because(ASKED, items, 5)
    added = np.where(why.items >= 0, why.scores, 0).sum(axis=1)
    np.testing.assert_allclose(added, scorer.score(ASKED)[np.arange(4), items], rtol=1e-5)
    assert scorer.because(ASKED, np.array([-1, 4, 20, 0]), 2).items[:3].tolist() == [[-1, -1]] * 3


def test_finds_the_planted_departments(departments: Departments) -> None:
    assert departments.precision(SessionBlend().fit(departments.data, rng=derive(1))) == 1.0


def test_senseless_settings_are_refused() -> None:
    with pytest.raises(BadInputError, match="weights and trend must be at least 0"):
        SessionBlend(trend=-0.1)
    with pytest.raises(BadInputError, match="reminder_decay: must be from 0 to 1"):
        SessionBlend(reminder_decay=1.1)
