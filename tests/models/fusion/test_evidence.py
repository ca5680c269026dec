import numpy as np
from tests.models.conftest import orders

from equipoise.data.histories import Histories
from equipoise.models.fusion.evidence import Evidence
from equipoise.models.fusion.shortlist import Shortlist


def test_it_says_how_often_and_how_lately_a_candidate_was_met() -> None:
    histories = Histories.of([[3, 1, 3, 2], [], [1]])
    items = Histories.of([[1, 2, 3, 4], [1], [0, 1]])
    nothing = np.zeros((7, 1), np.float32)
    lists = Shortlist(items=items, scores=nothing, ranks=nothing, size=4)
    facts = Evidence.of(orders([[0, 1], [2, 3, 4]], 5)).about(lists, histories)
    times, lately = facts[:, 6], facts[:, 7]
    assert times.tolist() == [1, 1, 2, 0, 0, 0, 1]
    np.testing.assert_allclose(lately, [1 / 3, 1, 1 / 2, 0, 0, 0, 1], atol=1e-4)
