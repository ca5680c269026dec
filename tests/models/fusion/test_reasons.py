import numpy as np

from equipoise.data.histories import Histories
from equipoise.models.fusion.evidence import Evidence
from equipoise.models.fusion.reasons import combined, shared
from equipoise.models.fusion.reciprocal_rank import ReciprocalRankScorer
from equipoise.models.fusion.stacking import StackingScorer
from equipoise.models.item_item import DenseItems
from equipoise.models.popularity import PopularityScorer

ONE = DenseItems(weights=np.array([[0, 1, 3], [0, 0, 1], [0, 0, 0]], np.float32))
TWO = DenseItems(weights=np.array([[0, 0, 0], [0, 0, 50], [0, 0, 0]], np.float32))
SILENT = PopularityScorer(scores=np.ones(3, np.float32))
ASKED = Histories.of([[0, 1], [2], []]), np.array([2, 1, 7])


def test_scores_that_add_up_add_up_by_what_a_unit_is_worth() -> None:
    found = combined([(ONE, np.ones(3)), (TWO, np.full(3, 0.1)), (SILENT, np.ones(3))], *ASKED, 2)
    assert found.items.tolist() == [[1, 0], [-1, -1], [-1, -1]]
    np.testing.assert_allclose(found.scores[0], np.array([1 + 5, 3]), rtol=1e-6)


def test_others_share_out_what_each_model_did() -> None:
    found = shared([(ONE, np.full(3, 0.8)), (TWO, np.full(3, 0.1))], *ASKED, 2)
    assert found.items.tolist() == [[0, 1], [-1, -1], [-1, -1]]
    np.testing.assert_allclose(found.scores[0], np.array([0.8 * 3 / 4, 0.8 / 4 + 0.1]), rtol=1e-6)


def test_every_fusion_says_why() -> None:
    parts = {"one": ONE, "two": TWO, "silent": SILENT}
    evidence = Evidence(popularity=np.zeros(3, np.float32), recency=np.zeros(3, np.float32))
    ranked = ReciprocalRankScorer(scorers=parts, k=60.0)
    stacked = StackingScorer(scorers=parts, evidence=evidence, trees=None, candidates=2, repeats=False)
    for scorer in (ranked, stacked):
        found = scorer.because(*ASKED, 2)
        assert sorted(found.items[0].tolist()) == [0, 1]
        assert found.items[1:].tolist() == [[-1, -1], [-1, -1]]
