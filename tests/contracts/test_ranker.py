"""What every exported ranker promises, whatever it is."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped,unused-ignore]

from equipoise.artifact import load_artifact, save_artifact
from equipoise.data.histories import Histories
from equipoise.data.impressions import RankingRows, Schema
from equipoise.data.vocabulary import Vocabulary
from equipoise.errors import BadInputError
from equipoise.models.rankers import (
    Calibrated,
    DCNv2,
    DeepFM,
    Ensemble,
    LightGBM,
    Logistic,
    LSTMRanker,
    MeanRate,
    Polynomial,
    Ranker,
    RankerLearner,
)
from equipoise.models.rankers.registry import configured, names
from equipoise.random import derive

N = 400
SMALL: dict[str, RankerLearner] = {
    "calibrated": Calibrated(learner=Logistic(), method="isotonic"),
    "dcn_v2": DCNv2(embedding_size=4, width=8, rank=4, epochs=2, min_rows=5),
    "deep_fm": DeepFM(embedding_size=4, width=8, epochs=2, min_rows=5),
    "ensemble": Ensemble(learners={"logistic": Logistic(), "mean_rate": MeanRate()}),
    "lightgbm": LightGBM(trees=5, leaves=4, min_rows=10),
    "logistic": Logistic(),
    "lstm_ranker": LSTMRanker(embedding_size=4, width=8, state=4, length=3, epochs=2, min_rows=5),
    "mean_rate": MeanRate(),
    "polynomial": Polynomial(embedding_size=4, epochs=2, min_rows=5, head="mmoe"),
}
"""Every exported ranker, in a size fit for tests."""
SCHEMA = Schema(
    numeric=("price", "seen"),
    categorical=("item", "place"),
    vocabularies=(Vocabulary(tuple("abcdefgh")), Vocabulary(("home", "search"))),
    targets=("click", "purchase"),
    n_items=8,
    n_kinds=2,
)


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    torch.set_num_threads(1)
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def rows() -> RankingRows:
    rng = derive(11)
    numeric = rng.normal(size=(N, 2)).astype(np.float32)
    numeric[::7, 1] = np.nan
    codes = np.column_stack((rng.integers(-1, 8, N), rng.integers(0, 2, N)))
    chance = 1 / (1 + np.exp(-numeric[:, 0] - codes[:, 1]))
    clicks = rng.random(N) < chance
    lengths = rng.integers(0, 5, N)
    return RankingRows(
        schema=SCHEMA,
        numeric=numeric,
        categorical=codes,
        targets=np.column_stack((clicks, clicks & (rng.random(N) < 0.4))).astype(np.float32),
        times=np.arange(N) * 60_000_000,
        users=rng.integers(0, 40, N),
        histories=Histories.of([rng.integers(0, 8, length).tolist() for length in lengths]),
        kinds=rng.integers(0, 2, lengths.sum()),
    )


@pytest.fixture(scope="module", params=sorted(SMALL))
def learner(request: pytest.FixtureRequest) -> RankerLearner:
    return SMALL[request.param]


@pytest.fixture(scope="module")
def ranker(learner: RankerLearner, rows: RankingRows) -> Ranker:
    return learner.fit(rows, rng=derive(5))


def test_every_exported_ranker_is_here() -> None:
    assert sorted(SMALL) == names()
    assert all(type(configured(name, {})) is type(learner) for name, learner in SMALL.items())


def test_both_follow_their_protocols(learner: RankerLearner, ranker: Ranker) -> None:
    assert isinstance(learner, RankerLearner)
    assert isinstance(ranker, Ranker)
    assert ranker.schema == SCHEMA


def test_both_are_frozen(learner: Any, ranker: Any) -> None:
    for thing in (learner, ranker):
        for field in dataclasses.fields(thing)[:1]:
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(thing, field.name, None)


def test_predictions_are_probabilities_of_each_target(ranker: Ranker, rows: RankingRows) -> None:
    found = ranker.predict(rows)
    assert found.shape == (N, 2)
    assert found.dtype == np.float64
    assert ((found > 0) & (found < 1)).all()


def test_same_seed_same_bits(learner: RankerLearner, ranker: Ranker, rows: RankingRows) -> None:
    np.testing.assert_array_equal(learner.fit(rows, rng=derive(5)).predict(rows), ranker.predict(rows))


def test_nothing_given_is_changed(learner: RankerLearner, rows: RankingRows) -> None:
    before = [rows.numeric.copy(), rows.categorical.copy(), rows.targets.copy()]
    learner.fit(rows, rng=derive(5)).predict(rows)
    for one, two in zip(before, (rows.numeric, rows.categorical, rows.targets), strict=True):
        np.testing.assert_array_equal(one, two)


def test_one_row_is_predicted_as_among_others(ranker: Ranker, rows: RankingRows) -> None:
    together = ranker.predict(rows)
    for row in (0, 7, 123):
        np.testing.assert_allclose(ranker.predict(rows.take(np.array([row])))[0], together[row], atol=2e-6)


def test_targets_are_not_looked_at(ranker: Ranker, rows: RankingRows) -> None:
    blind = dataclasses.replace(rows, targets=np.zeros_like(rows.targets))
    np.testing.assert_array_equal(ranker.predict(blind), ranker.predict(rows))


def test_what_is_not_known_is_predicted_too(ranker: Ranker, rows: RankingRows) -> None:
    some = rows.take(np.arange(3))
    blank = dataclasses.replace(
        some,
        numeric=np.full_like(some.numeric, np.nan),
        categorical=np.full_like(some.categorical, -1),
        histories=Histories.of([[], [], []]),
        kinds=np.zeros(0, np.int64),
    )
    found = ranker.predict(blank)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found, np.broadcast_to(found[0], found.shape), atol=1e-7)


def test_no_rows_no_predictions(ranker: Ranker, rows: RankingRows) -> None:
    assert ranker.predict(rows.take(np.zeros(0, np.int64))).shape == (0, 2)


def test_other_columns_are_refused(ranker: Ranker, rows: RankingRows) -> None:
    renamed = dataclasses.replace(SCHEMA, numeric=("price", "weight"))
    with pytest.raises(BadInputError, match="seen missing"):
        ranker.predict(dataclasses.replace(rows, schema=renamed))


def test_survives_the_disk(ranker: Any, rows: RankingRows, tmp_path: Path) -> None:
    save_artifact(ranker, tmp_path / "ranker")
    again = load_artifact(type(ranker), tmp_path / "ranker")
    np.testing.assert_array_equal(again.predict(rows), ranker.predict(rows))


def test_the_settings_survive_the_disk(learner: Any, tmp_path: Path) -> None:
    save_artifact(learner, tmp_path / "learner")
    assert load_artifact(type(learner), tmp_path / "learner") == learner


@pytest.mark.parametrize("n", [0, 1, 3])
def test_little_or_nothing_to_learn_from_still_predicts(
    learner: RankerLearner, rows: RankingRows, n: int
) -> None:
    found = learner.fit(rows.take(np.arange(n)), rng=derive(5)).predict(rows)
    assert np.isfinite(found).all()
    assert found.shape == (N, 2)


def test_targets_that_never_vary_still_predict(learner: RankerLearner, rows: RankingRows) -> None:
    never = dataclasses.replace(rows, targets=np.zeros_like(rows.targets))
    assert (learner.fit(never, rng=derive(5)).predict(rows) < 0.2).all()


def test_rows_of_numbers_alone_and_of_categories_alone(learner: RankerLearner, rows: RankingRows) -> None:
    bare = dataclasses.replace(SCHEMA, n_items=0, categorical=(), vocabularies=())
    numbers = dataclasses.replace(
        rows, schema=bare, categorical=np.zeros((N, 0), np.int64), histories=None, kinds=None
    )
    words = dataclasses.replace(
        rows, schema=dataclasses.replace(SCHEMA, numeric=()), numeric=np.zeros((N, 0), np.float32)
    )
    for some in (numbers, words):
        assert np.isfinite(learner.fit(some, rng=derive(5)).predict(some)).all()
