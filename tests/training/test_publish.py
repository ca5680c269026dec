from pathlib import Path

import numpy as np
import pytest

from equipoise.balance import BalancedPolicy
from equipoise.data.prepare import Prepared, prepare
from equipoise.events.sqlite import SQLiteLog
from equipoise.models import EASE, ItemKNN, Learner, Popularity
from equipoise.random import derive
from equipoise.recommenders.published import Published
from equipoise.recommenders.view import Request
from equipoise.store import ArtifactStore
from equipoise.training.fit import Judged, fit_all, judge
from equipoise.training.publish import NAME, assembled, publish

LEARNERS: dict[str, Learner] = {"popularity": Popularity(), "item_knn": ItemKNN(), "ease": EASE(reg=5.0)}


@pytest.fixture(scope="module")
def prepared(shop_log: SQLiteLog) -> Prepared:
    return prepare(shop_log)


@pytest.fixture(scope="module")
def judged(prepared: Prepared) -> Judged:
    return judge(prepared.interactions, LEARNERS, days=2.0, seed=7)


@pytest.fixture(scope="module")
def published(prepared: Prepared, judged: Judged) -> Published:
    return assembled(prepared, judged, fit_all(prepared.interactions, LEARNERS, seed=7))


@pytest.fixture
def store(tmp_path: Path, published: Published, judged: Judged) -> ArtifactStore:
    store = ArtifactStore(folder=tmp_path)
    assert publish(published, judged, store) == 1
    return store


def test_what_serving_loads_recommends_to_the_taste_of_a_stranger(
    store: ArtifactStore, prepared: Prepared
) -> None:
    recommender = store.load(NAME, Published).recommender
    for taste in (0, 1):
        history = prepared.vocabulary.encode([f"i{taste * 10 + item}" for item in range(4)])
        request = Request(history=history, now=recommender.trained_until)
        slate = recommender.recommend(request, prepared.catalogue, 4, rng=derive(1, taste))
        own = prepared.vocabulary.encode([f"i{taste * 10 + item}" for item in range(10)])
        assert np.isin(slate.items, own).mean() >= 0.75
        assert not np.isin(slate.items, history).any()


def test_it_knows_its_words_and_its_time(store: ArtifactStore, prepared: Prepared) -> None:
    published = store.load(NAME, Published)
    assert published.vocabulary == prepared.vocabulary.ids
    assert published.currency == "GBP"
    assert published.trained_until == prepared.interactions.times.max()
    assert published.encoder.terms == prepared.encoder.terms


def test_the_default_policy_starts_from_what_purchases_said(published: Published) -> None:
    recommender = published.recommender
    assert isinstance(recommender.policy, BalancedPolicy)
    prior = dict(zip(recommender.features.names, recommender.prior_mean, strict=True))
    assert prior["blend"] > 0 or prior["score_ease"] > 0 or prior["score_item_knn"] > 0


def test_the_figures_are_kept_with_it(store: ArtifactStore, judged: Judged) -> None:
    about = store.about(NAME)
    assert [row["model"] for row in about["models"]] == ["popularity", "item_knn", "ease", "blend"]
    assert about["split"]["test_users"] == len(judged.split.unseen)
    assert about["weights"] == judged.weights
