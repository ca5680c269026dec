from typing import Any

import numpy as np
import pytest
from tests.models.conftest import Departments, orders

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models import BPR
from equipoise.models.factors.bpr_kernels import another, doubt, draw, learn_pairs
from equipoise.random import derive


def state(seed: int = 1) -> Any:
    return np.array([seed], np.uint64)


def test_draws_are_even() -> None:
    word = state()
    counts = np.bincount([draw(word, 5) for _ in range(5000)], minlength=5)
    assert counts.min() > 900
    assert counts.max() < 1100


def test_the_other_item_was_not_met() -> None:
    word, met = state(), np.array([0, 2, 3])
    assert {another(word, met, 5) for _ in range(50)} == {1, 4}
    assert another(word, np.arange(5), 5) == -1


def test_one_step_worked_out_by_hand() -> None:
    """User 0 met item 0 and not item 1; 1 - σ(1 (2 - 1) + 0.5) = 0.18243."""
    x, y = np.array([[1.0]], np.float32), np.array([[2.0, 0.5], [1.0, 0.0]], np.float32)
    slope = 1 / (1 + np.exp(1.5))
    assert doubt(x[0], y, 0, 1) == pytest.approx(slope)
    learn_pairs(x, y, np.array([0, 1]), np.array([0]), np.array([0]), state(), 0.1, 0.2)
    assert x[0, 0] == pytest.approx(1.0 + 0.1 * (slope * (2.0 - 1.0) - 0.2 * 1.0))
    np.testing.assert_allclose(
        y[:, 0], [2.0 + 0.1 * (slope - 0.2 * 2.0), 1.0 - 0.1 * (slope + 0.2)], rtol=1e-6
    )
    np.testing.assert_allclose(y[:, 1], [0.5 + 0.1 * (slope - 0.2 * 0.5), -0.1 * slope], rtol=1e-6)


def test_finds_the_planted_departments(departments: Departments) -> None:
    assert departments.precision(BPR(embedding_size=8, epochs=40).fit(departments.data, rng=derive(1))) == 1.0


def test_an_empty_history_is_scored_by_what_everybody_meets() -> None:
    rows = [[0, 1 + user % 3] for user in range(30)]
    scorer = BPR(embedding_size=4).fit(orders(rows, 6), rng=derive(1))
    scores = scorer.score(Histories.of([[]]))[0]
    assert scores.argmax() == 0
    assert scores[1:4].min() > scores[4:].max()


def test_a_history_scores_as_among_others_whatever_their_order() -> None:
    rows = [derive(9, row).permutation(20)[:4].tolist() for row in range(12)]
    scorer = BPR(embedding_size=4, epochs=10).fit(orders(rows, 20), rng=derive(1))
    one, two = scorer.queries(Histories.of(rows)), scorer.queries(Histories.of(rows[::-1]))
    np.testing.assert_array_equal(one, two[::-1])


@pytest.mark.parametrize("settings", [{"epochs": 0}, {"learning_rate": 0.0}, {"reg": -1.0}])
def test_settings_out_of_range_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="bpr: "):
        BPR(**settings)
