"""Each ranker finds the structure it is made for, and the linear one does not."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from tests.models.rankers.conftest import HALF, N, Planted

from equipoise.data.impressions import RankingRows
from equipoise.errors import BadInputError
from equipoise.evaluation.prediction import auc, log_loss
from equipoise.models.rankers import (
    DCNv2,
    DeepFM,
    Ensemble,
    LightGBM,
    Logistic,
    LSTMRanker,
    MeanRate,
    Polynomial,
    RankerLearner,
)
from equipoise.models.rankers.algebra import OnArrays
from equipoise.models.rankers.dcn_v2 import Cross
from equipoise.models.rankers.deep_fm import Machine
from equipoise.models.rankers.inputs import Batch
from equipoise.models.rankers.layers import Dense, Perceptron, Table
from equipoise.models.rankers.lstm_ranker import LSTM
from equipoise.models.rankers.polynomial import Powers
from equipoise.random import derive

QUICK: dict[str, Any] = {"min_rows": 1, "reg": 0.01, "dropout": 0.0, "learning_rate": 0.01, "batch_size": 256}
NOTHING = np.zeros((1, 0), np.int64)


def found_auc(learner: RankerLearner, rows: RankingRows) -> float:
    late = rows.take(np.arange(HALF, N))
    ranker = learner.fit(rows.take(np.arange(HALF)), rng=derive(3))
    return auc(ranker.predict(late)[:, 0], late.targets[:, 0], np.ones(len(late)))


def test_logistic_finds_a_line_and_each_category(planted: Planted) -> None:
    logits = 2 * planted.numbers[:, 0] + np.linspace(-2, 2, 6)[planted.codes[:, 1]]
    assert found_auc(Logistic(reg=1.0), planted.rows(logits)) > 0.80


def test_polynomial_finds_a_bend_that_no_line_has(planted: Planted) -> None:
    rows = planted.rows(9 * planted.numbers[:, 0] ** 2 - 3)
    assert found_auc(Logistic(reg=1.0), rows) < 0.55
    assert found_auc(Polynomial(degree=2, **QUICK), rows) > 0.83


@pytest.mark.parametrize("learner", [DCNv2(width=16, rank=8, **QUICK), DeepFM(width=16, **QUICK)])
def test_crosses_are_found_that_no_sum_has(planted: Planted, learner: RankerLearner) -> None:
    same = planted.codes[:, 0] % 3 == planted.codes[:, 1] % 3
    rows = planted.rows(np.where(same, 3.0, -2.0))
    assert found_auc(Logistic(reg=1.0), rows) < 0.55
    assert found_auc(learner, rows) > 0.86


def test_lstm_ranker_reads_the_order_of_a_history(planted: Planted) -> None:
    rows = planted.rows(np.where(planted.met[:, -1] < planted.met[:, -2], 2.5, -2.5))
    blind = found_auc(DCNv2(width=16, **QUICK), rows)
    assert blind < 0.56
    assert found_auc(LSTMRanker(length=4, state=8, width=16, **QUICK), rows) > 0.85


def test_lightgbm_finds_a_corner(planted: Planted) -> None:
    corner = (planted.numbers > 0).all(axis=1)
    assert found_auc(LightGBM(trees=50), planted.rows(np.where(corner, 3.0, -3.0))) > 0.93


def test_an_ensemble_is_no_worse_than_its_parts(planted: Planted) -> None:
    logits = 2 * planted.numbers[:, 0] + np.where((planted.numbers > 0).all(axis=1), 3.0, -1.0)
    rows = planted.rows(logits)
    parts: dict[str, RankerLearner] = {
        "logistic": Logistic(reg=1.0),
        "lightgbm": LightGBM(trees=50),
        "mean_rate": MeanRate(),
    }
    late = rows.take(np.arange(HALF, N))

    def loss(learner: RankerLearner) -> float:
        ranker = learner.fit(rows.take(np.arange(HALF)), rng=derive(3))
        return log_loss(ranker.predict(late)[:, 0], late.targets[:, 0], np.ones(len(late)))

    assert loss(Ensemble(learners=parts)) < min(loss(one) for one in parts.values()) + 0.003


def test_two_targets_are_told_apart(planted: Planted) -> None:
    one, two = (planted.rows(3 * planted.numbers[:, at]) for at in (0, 1))
    both = dataclasses.replace(
        one,
        schema=dataclasses.replace(one.schema, targets=("click", "purchase")),
        targets=np.concatenate((one.targets, two.targets), axis=1),
    )
    late = both.take(np.arange(HALF, N))
    for head in ("shared_bottom", "mmoe"):
        learner = DCNv2(width=16, rank=8, head=head, **QUICK)
        said = learner.fit(both.take(np.arange(HALF)), rng=derive(3)).predict(late)
        found = [
            auc(said[:, at], late.targets[:, target], np.ones(HALF))
            for at, target in ((0, 0), (1, 1), (0, 1))
        ]
        assert min(found[:2]) > 0.82
        assert found[2] < 0.6


def test_powers_by_hand() -> None:
    batch = Batch(np.array([[3**0.5]], np.float32), np.array([[0]]), NOTHING, NOTHING)
    table = Table(np.array([[2.0]], np.float32), np.array([[5.0]], np.float32))
    hidden = Powers(2, 3).hidden(OnArrays(), batch, table)
    np.testing.assert_allclose(hidden, [[1, 2, 1, 4, 1, 8, 5]], rtol=1e-6)


def test_a_cross_by_hand() -> None:
    cross = Cross(np.array([[1.0], [2.0]]), Dense(np.array([[1.0, 10.0]]), np.array([0.0, 1.0])))
    first, x = np.array([[2.0, 3.0]]), np.array([[1.0, 1.0]])
    # V x = 3, U V x + b = (3, 31), times x_0 = (6, 93), plus x.
    np.testing.assert_array_equal(cross(first, x), [[7, 94]])


def test_the_pairs_of_a_machine_by_hand() -> None:
    table = Table(np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[0.5], [0.25]]))
    machine = Machine(np.array([[1.0, 1.0]]), Perceptron((Dense(np.zeros((5, 1)), np.zeros(1)),)))
    batch = Batch(np.array([[2.0]]), np.array([[0, 1]]), NOTHING, NOTHING)
    # (1,2)·(3,-1) + (1,2)·(2,2) + (3,-1)·(2,2) = 1 + 6 + 4
    np.testing.assert_allclose(machine.hidden(OnArrays(), batch, table), [[2, 0.75, 11, 0]])


def test_the_cell_is_that_of_pytorch() -> None:
    import torch

    cell, rng = LSTM.start(3, 4, derive(1)), derive(2)
    theirs: Any = torch.nn.LSTM(3, 4, batch_first=True)
    # PyTorch has its gates in the order in, forget, candidate, out.
    order = np.r_[0:8, 12:16, 8:12]
    with torch.no_grad():
        theirs.weight_ih_l0.copy_(torch.from_numpy(cell.inner.weight.T[order]))
        theirs.weight_hh_l0.copy_(torch.from_numpy(cell.again.T[order]))
        theirs.bias_ih_l0.copy_(torch.from_numpy(cell.inner.bias[order]))
        theirs.bias_hh_l0.zero_()
    x = rng.normal(size=(5, 6, 3)).astype(np.float32)
    expected = theirs(torch.from_numpy(x))[1][0][0].detach().numpy()
    np.testing.assert_allclose(cell(OnArrays(), x, np.ones((5, 6), np.bool_)), expected, atol=1e-6)
    padded = np.concatenate((rng.normal(size=(5, 2, 3)).astype(np.float32), x), axis=1)
    there = np.concatenate((np.zeros((5, 2), np.bool_), np.ones((5, 6), np.bool_)), axis=1)
    np.testing.assert_allclose(cell(OnArrays(), padded, there), expected, atol=1e-6)


def test_a_diverging_loss_names_the_step(planted: Planted) -> None:
    from equipoise.models.rankers.training import DivergedError

    rows = planted.rows(np.zeros(N)).take(np.arange(1000))
    with pytest.raises(DivergedError, match=r"polynomial: the loss is no number at step \d+ of epoch 1"):
        Polynomial(learning_rate=1e30, degree=8).fit(rows, rng=derive(1))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"dropout": 1.0}, "dropout must lie"),
        ({"epochs": 0}, "must be 1 or more"),
        ({"head": "tree"}, "one of shared_bottom, mmoe"),
        ({"width": 0}, "width and layers"),
    ],
)
def test_settings_without_sense_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        DeepFM(**settings)  # type: ignore[arg-type]
