from dataclasses import replace

import numpy as np
import pytest

from equipoise.data.catalogue import Catalogue
from equipoise.recommenders import Features, Recommender, Request
from equipoise.recommenders.features import standard_log
from equipoise.types import Floats, Ints


def column(
    recommender: Recommender, catalogue: Catalogue, name: str, history: list[int], items: Ints
) -> Floats:
    view = recommender.views([Request(history=np.array(history, np.int64), now=200)], catalogue)[0]
    return recommender.features.of(view, items)[:, recommender.features.names.index(name)]


def test_every_feature_is_bounded_and_has_a_name(recommender: Recommender, catalogue: Catalogue) -> None:
    steep = replace(catalogue, prices=catalogue.prices * 10.0 ** np.arange(-6, 7))
    view = recommender.views([Request(history=np.array([3, 4]), now=200)], steep)[0]
    features = recommender.features.of(view, np.arange(13))
    assert features.shape == (13, len(recommender.features.names))
    assert features.dtype == np.float32
    assert np.abs(features).max() <= 2.0


def test_a_new_item_is_marked_and_has_no_score_of_its_own(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    items = np.array([9, 10])
    assert column(recommender, catalogue, "new", [0], items).tolist() == [0.0, 1.0]
    assert column(recommender, catalogue, "popularity", [0], items)[1] == 0.0


def test_affinity_is_the_likeness_of_words_to_the_history(
    recommender: Recommender, catalogue: Catalogue
) -> None:
    items = np.array([5, 10, 11])
    assert column(recommender, catalogue, "affinity", [0], items) == pytest.approx([1.0, 1.0, 0.0])
    assert column(recommender, catalogue, "affinity", [], items).tolist() == [0.0, 0.0, 0.0]


def test_recent_affinity_forgets_what_is_long_past(recommender: Recommender, catalogue: Catalogue) -> None:
    items = np.array([5, 6])
    recent = column(recommender, catalogue, "recent_affinity", [0, 1, 1, 1], items)
    assert recent == pytest.approx([0.0, 1.0])


def test_price_is_the_log_ratio_to_the_usual_price(recommender: Recommender, catalogue: Catalogue) -> None:
    # Item i costs i + 1; the median of 1, 2 and 4 is 2.
    found = column(recommender, catalogue, "price", [0, 1, 3], np.array([1, 3, 12]))
    assert found == pytest.approx([0.0, np.log(2.0), 0.0], abs=1e-6)


def test_the_version_names_the_models() -> None:
    one = Features(models=("ease",), log_popularity=np.zeros(2))
    assert one.version != replace(one, models=("item_knn",)).version
    assert len(one.supporting) == len(one)


def test_standard_log_has_mean_0_and_deviation_1() -> None:
    found = standard_log(np.array([0.0, 3.0, 10.0, 100.0]))
    assert found.mean() == pytest.approx(0.0, abs=1e-6)
    assert found.std() == pytest.approx(1.0, abs=1e-5)
