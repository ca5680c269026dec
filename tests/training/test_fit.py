import json
from dataclasses import dataclass

import numpy as np
import pytest

from equipoise.data.histories import Histories
from equipoise.data.interactions import DAY, Interactions
from equipoise.models import EASE, ItemKNN, Learner, Popularity, Scorer
from equipoise.random import derive
from equipoise.training.fit import Judged, fit_all, judge

LEARNERS: dict[str, Learner] = {"popularity": Popularity(), "item_knn": ItemKNN(), "ease": EASE(reg=5.0)}
N_USERS, N_ITEMS, LENGTH = 60, 20, 8


@pytest.fixture(scope="module")
def data() -> Interactions:
    """Users of two tastes, one item a day."""
    rng = derive(8)
    rows = [user % 2 * 10 + rng.permutation(10)[:LENGTH] for user in range(N_USERS)]
    return Interactions(
        users=np.repeat(np.arange(N_USERS), LENGTH),
        items=np.concatenate(rows).astype(np.int64),
        times=np.tile(np.arange(LENGTH) * DAY, N_USERS),
        weights=np.ones(N_USERS * LENGTH),
        values=np.full(N_USERS * LENGTH, 2.0),
        n_users=N_USERS,
        n_items=N_ITEMS,
    )


@pytest.fixture(scope="module")
def judged(data: Interactions) -> Judged:
    return judge(data, LEARNERS, days=1.5, ks=(2, 4), seed=7)


def test_each_model_and_their_blend_have_a_row(judged: Judged) -> None:
    rows = judged.rows()
    assert [row["model"] for row in rows] == ["popularity", "item_knn", "ease", "blend"]
    for row in rows:
        assert {"ndcg@2", "hr@4", "recall@4", "mrr@2", "coverage@4", "revenue@4"} <= row["metrics"].keys()
        assert row["fit_seconds"] > 0
        assert row["score_seconds"] > 0
        assert row["peak_memory_mb"] > 1
        low, high = row["intervals"]["ndcg@4"]
        assert low <= row["metrics"]["ndcg@4"] <= high
    assert json.loads(json.dumps(rows, allow_nan=False)) == rows


def test_personal_models_beat_popularity_where_taste_is_planted(judged: Judged) -> None:
    ndcg = {row["model"]: row["metrics"]["ndcg@4"] for row in judged.rows()}
    assert min(ndcg["item_knn"], ndcg["ease"], ndcg["blend"]) > 1.5 * ndcg["popularity"]


def test_models_are_judged_on_what_they_did_not_see(judged: Judged) -> None:
    assert judged.split.train.times.max() < judged.split.at
    assert judged.scorers().keys() == LEARNERS.keys()


def test_weights_are_for_the_blend_to_serve(judged: Judged) -> None:
    assert judged.weights.keys() == LEARNERS.keys()
    assert sum(judged.weights.values()) == pytest.approx(1.0)


def test_same_seed_same_figures(data: Interactions, judged: Judged) -> None:
    again = judge(data, LEARNERS, days=1.5, ks=(2, 4), seed=7)
    assert [row["metrics"] for row in again.rows()] == [row["metrics"] for row in judged.rows()]
    assert again.weights == judged.weights


def test_for_serving_everything_is_learnt_from(data: Interactions) -> None:
    served = fit_all(data, LEARNERS, seed=7)["ease"]
    expected = LEARNERS["ease"].fit(data, rng=derive(1))
    asked = Histories.of([[1, 2]])
    np.testing.assert_array_equal(served.score(asked), expected.score(asked))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder:
    """A learner that keeps the first number of the stream it is given."""

    drawn: list[float]

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> Scorer:
        self.drawn.append(rng.random())
        return Popularity().fit(data, rng=rng)


def test_a_model_draws_the_same_whoever_is_fitted_beside_it(data: Interactions) -> None:
    drawn: list[float] = []
    fit_all(data, {"mine": Recorder(drawn=drawn)}, seed=7)
    fit_all(data, {"ease": EASE(), "mine": Recorder(drawn=drawn)}, seed=7)
    assert drawn[0] == drawn[1]
