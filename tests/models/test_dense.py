import numpy as np
import pytest
from tests.models.conftest import orders

from equipoise.data.histories import Histories
from equipoise.models import EASE, dense
from equipoise.random import derive


def test_blocks_cover_every_row_once() -> None:
    bounds = list(dense.blocks(10, dense.BLOCK_CELLS // 3))
    assert bounds == [(0, 3), (3, 6), (6, 9), (9, 10)]
    assert list(dense.blocks(2, 10 * dense.BLOCK_CELLS)) == [(0, 1), (1, 2)]


def test_blocks_give_what_one_piece_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = derive(3)
    rows = [rng.permutation(9)[:4].tolist() for _ in range(20)]
    scorer = EASE(reg=2.0).fit(orders(rows, 9), rng=rng)
    histories = Histories.of(rows)
    whole = scorer.top(histories, 3)
    monkeypatch.setattr(dense, "BLOCK_CELLS", 30)
    pieces = scorer.top(histories, 3)
    np.testing.assert_array_equal(whole.items, pieces.items)
    np.testing.assert_allclose(whole.scores, pieces.scores, rtol=1e-5)
