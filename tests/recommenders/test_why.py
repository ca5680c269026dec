import numpy as np
from scipy import sparse

from equipoise.data.catalogue import Catalogue
from equipoise.models.fusion.blend import BlendScorer
from equipoise.models.item_item import DenseItems
from equipoise.recommenders.why import causes

WEIGHTS = np.array([[0, 3, 1], [0, 0, 2], [0, 0, 0]], np.float32)
SCORER = BlendScorer(scorers={"one": DenseItems(weights=WEIGHTS)}, weights={"one": 1.0})
CATALOGUE = Catalogue(
    prices=np.ones(5),
    arrived=np.zeros(5, np.int64),
    available=np.ones(5, np.bool_),
    content=sparse.csr_matrix([[1.0, 0], [0, 1], [0.6, 0.8], [1, 0], [0, 0]]),
)


def test_what_raised_the_score_most_is_first() -> None:
    found = causes(SCORER, np.array([0, 1]), np.array([2, 1]), CATALOGUE, 2)
    assert found.tolist() == [[1, 0], [0, -1]]


def test_an_item_the_models_do_not_know_is_shown_for_its_words() -> None:
    found = causes(SCORER, np.array([1, 2, 0, 2]), np.array([3, 4]), CATALOGUE, 3)
    assert found.tolist() == [[0, 2, -1], [-1, -1, -1]]


def test_nobody_is_told_a_reason_who_met_nothing() -> None:
    none = np.empty(0, np.int64)
    assert causes(SCORER, none, np.array([2, 3]), CATALOGUE, 2).tolist() == [[-1, -1], [-1, -1]]
    assert causes(SCORER, np.array([1]), none, CATALOGUE, 2).shape == (0, 2)
