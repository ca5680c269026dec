import numpy as np
import pytest
from tests.models.conftest import orders

from equipoise.data.histories import Histories
from equipoise.data.interactions import DAY
from equipoise.errors import BadInputError
from equipoise.models import Popularity
from equipoise.random import derive


def test_what_was_met_most_is_first() -> None:
    scorer = Popularity().fit(orders([[0, 1], [1], [1, 2], [2, 3]], 5), rng=derive(1))
    best = scorer.top(Histories.of([[], [1]]), 2)
    assert best.items.tolist() == [[1, 2], [2, 0]]


def test_old_interactions_count_half_after_each_half_life() -> None:
    data = orders([[0, 0, 1]], 2, times=[[0, 0, 7 * DAY]])
    assert Popularity(half_life_days=7.0).fit(data, rng=derive(1)).scores.tolist() == [
        pytest.approx(np.log(2)),
        pytest.approx(np.log(2)),
    ]
    assert np.diff(Popularity(half_life_days=np.inf).fit(data, rng=derive(1)).scores) < 0


def test_a_half_life_of_nothing_is_refused() -> None:
    with pytest.raises(BadInputError, match="half_life_days: must be above 0"):
        Popularity(half_life_days=0.0)
