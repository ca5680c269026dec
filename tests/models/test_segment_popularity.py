import numpy as np
import pytest
from tests.models.conftest import orders

from equipoise.data.histories import Histories
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.models import SegmentPopularity
from equipoise.random import derive

SEGMENTS = ItemContent.of_tags([["mugs"], ["mugs"], ["scarves"], ["scarves"], []])
DATA = orders([[0, 1], [1], [2], [2], [2], [3]], 5)


def test_the_best_seller_of_the_last_segment_is_first() -> None:
    scorer = SegmentPopularity(content=SEGMENTS, last=1).fit(DATA, rng=derive(1))
    best = scorer.top(Histories.of([[0], [2, 0], [0, 3], [], [4]]), 1)
    assert best.items.ravel().tolist() == [1, 1, 2, 2, 2]


def test_the_mixture_worked_out_by_hand() -> None:
    scorer = SegmentPopularity(content=SEGMENTS, last=2, share=0.8).fit(DATA, rng=derive(1))
    found = np.exp(scorer.score(Histories.of([[0, 2]])))[0]
    counts = np.array([1, 2, 3, 1, 0]) + 0.01
    within = counts / np.array([3.02, 3.02, 4.02, 4.02, 1])
    expected = 0.8 * 0.5 * within * [1, 1, 1, 1, 0] + 0.2 * counts / counts.sum()
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_without_content_it_is_popularity() -> None:
    scores = SegmentPopularity().fit(DATA, rng=derive(1)).score(Histories.of([[0], []]))
    np.testing.assert_array_equal(scores[0], scores[1])
    assert scores[0].argmax() == 2


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(BadInputError, match="share in"):
        SegmentPopularity(share=2.0)
    content = ItemContent.of_embeddings(np.array([[-1.0], [1.0]]))
    with pytest.raises(BadInputError, match="negative"):
        SegmentPopularity(content=content).fit(orders([[0]], 2), rng=derive(1))
