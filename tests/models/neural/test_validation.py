import numpy as np
import pytest
from tests.models.conftest import orders

from equipoise.evaluation.ranking import evaluate_ranking
from equipoise.models import EASE
from equipoise.models.neural.validation import Validation
from equipoise.random import derive

ROWS = [derive(3, user).permutation(20)[:7].tolist() for user in range(30)]
DATA = orders(ROWS, 20, times=[[1, 1, 1, 2, 2, 3, 3]] * 30)


def test_last_visits_are_kept_from_training() -> None:
    kept = Validation.of(DATA, validation_users=4, rng=derive(1))
    assert len(kept.asked) == 4
    histories = kept.train.histories()
    for user, goal in zip(kept.asked.users, kept.asked.targets, strict=True):
        assert histories[int(user)].tolist() == ROWS[user][:5]
        assert sorted(goal.tolist()) == sorted(ROWS[user][5:])
    assert len(kept.train) == len(DATA) - 4 * 2


def test_not_more_than_a_fifth_of_the_users_are_asked() -> None:
    assert len(Validation.of(DATA, validation_users=1000, rng=derive(1)).asked) == 6


def test_users_of_one_visit_are_left_alone() -> None:
    data = orders([[0, 1], [2, 3]], 4, times=[[1, 1], [2, 2]])
    kept = Validation.of(data, validation_users=9, rng=derive(1))
    assert len(kept.train) == 4
    assert kept.ndcg(EASE().fit(data, rng=derive(1))) == 0.0


def test_its_figure_is_that_of_the_evaluation() -> None:
    kept = Validation.of(DATA, validation_users=6, rng=derive(1))
    scorer = EASE(reg=1.0).fit(kept.train, rng=derive(1))
    expected = evaluate_ranking(scorer, kept.asked, ks=(10,), rng=derive(2)).means()["ndcg@10"]
    assert kept.ndcg(scorer) == pytest.approx(expected)
    assert 0 < expected < 1
    assert np.isfinite(expected)


def test_long_histories_are_not_recent_ones_where_times_are_places() -> None:
    data = orders([list(range(length)) for length in [3] * 40 + [15] * 10], 20)
    kept = Validation.of(data, validation_users=10, rng=derive(1))
    assert (kept.asked.users < 40).sum() >= 5


def test_repeats_are_asked_where_wanted() -> None:
    data = orders([[0, 1, 0]] * 10, 2)
    assert len(Validation.of(data, validation_users=2, rng=derive(1)).asked) == 0
    kept = Validation.of(data, validation_users=2, rng=derive(1), repeats=True)
    assert len(kept.asked) == 2
    assert kept.ndcg(EASE().fit(data, rng=derive(1))) > 0
