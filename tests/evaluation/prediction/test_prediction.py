import numpy as np
import pytest
from sklearn.metrics import log_loss as their_log_loss
from sklearn.metrics import roc_auc_score

from equipoise.errors import BadInputError
from equipoise.evaluation.prediction import Judge, accuracy, auc, calibration_error, log_loss
from equipoise.random import derive


def test_metrics_by_hand() -> None:
    predicted, outcomes, ones = np.array([0.9, 0.4, 0.6, 0.1]), np.array([1.0, 1.0, 0.0, 0.0]), np.ones(4)
    assert accuracy(predicted, outcomes, ones) == 0.5
    assert auc(predicted, outcomes, ones) == 0.75
    assert log_loss(predicted, outcomes, ones) == pytest.approx(-np.log(0.9 * 0.4 * 0.4 * 0.9) / 4)
    assert calibration_error(np.full(4, 0.75), outcomes, ones) == pytest.approx(0.25)


def test_they_agree_with_others_with_weights_and_ties() -> None:
    rng = derive(1)
    predicted, outcomes = rng.integers(1, 20, 300) / 20, (rng.random(300) < 0.3).astype(np.float64)
    weights = rng.integers(0, 4, 300).astype(np.float64)
    theirs = roc_auc_score(outcomes, predicted, sample_weight=weights)
    assert auc(predicted, outcomes, weights) == pytest.approx(theirs)
    assert log_loss(predicted, outcomes, weights) == pytest.approx(
        their_log_loss(outcomes, predicted, sample_weight=weights)
    )


def test_outcomes_that_are_all_alike_have_no_auc() -> None:
    judge = Judge(outcomes=np.zeros(5), users=np.arange(5), draws=10)
    found = judge.figures(np.linspace(0.1, 0.9, 5))
    assert np.isnan(found["auc"].value)
    assert np.isfinite(found["log_loss"].low)


def test_intervals_hold_the_value_and_grow_where_users_are_few() -> None:
    rng = derive(2)
    truth = rng.uniform(0.1, 0.9, 2000)
    outcomes = (rng.random(2000) < truth).astype(np.float64)
    alone = Judge(outcomes=outcomes, users=np.arange(2000)).figures(truth)["log_loss"]
    few = Judge(outcomes=outcomes, users=np.repeat(np.arange(20), 100)).figures(truth)["log_loss"]
    assert alone.low < alone.value < alone.high
    assert few.low < few.value < few.high


def test_a_prediction_does_not_differ_from_itself_and_the_truth_beats_noise() -> None:
    rng = derive(3)
    truth = rng.uniform(0.1, 0.9, 2000)
    judge = Judge(outcomes=(rng.random(2000) < truth).astype(np.float64), users=np.arange(2000), draws=50)
    same = judge.differences(truth, truth)["auc"]
    assert (same.value, same.low, same.high) == (0, 0, 0)
    better = judge.differences(truth, np.clip(truth + rng.normal(0, 0.3, 2000), 0.01, 0.99))
    assert better["auc"].low > 0
    assert better["log_loss"].high < 0


def test_nothing_to_judge_by_is_refused() -> None:
    with pytest.raises(BadInputError, match="there are none to judge by"):
        Judge(outcomes=np.zeros(0), users=np.zeros(0, np.int64))
