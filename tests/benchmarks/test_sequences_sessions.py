"""The mixture of a network and the session models: the figures by hand, and what is held out."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pytest
from tests.models.conftest import orders

import sequences_sessions
from equipoise.data.histories import Histories
from equipoise.models import Scorer
from equipoise.types import Floats
from sessions_data import Sessions


@dataclass(frozen=True)
class Fixed:
    """Says the same of every history."""

    scores: Floats

    def score(self, histories: Histories) -> Floats:
        return np.tile(self.scores, (len(histories), 1))


def sessions(rows: list[list[int]], n_items: int) -> Sessions:
    return Sessions(
        train=orders(rows, n_items), prefixes=Histories.of([[0], [1]]), following=np.array([1, 2])
    )


def test_the_mixture_by_hand() -> None:
    """The items asked for are second and third to the blend; the network alone turns the three around."""
    blend, net = (
        cast("Scorer", Fixed(np.array(scores, np.float32))) for scores in ([0.6, 0.3, 0.1], [1.0, 2.0, 3.0])
    )
    alone = sequences_sessions.ALONE
    found = sequences_sessions.mixed(blend, net, sessions([[0, 1]], 3), (0.0, 10.0, alone))
    assert found[0.0] == pytest.approx((100.0, 100 * (1 / 2 + 1 / 3) / 2), abs=0.01)
    assert found[10.0] == found[alone] == (100.0, 75.0)


def test_the_last_tenth_is_held_out() -> None:
    data = sessions([[0, 1, 2]] * 9 + [[2, 0, 3]], 4)
    earlier, asked = sequences_sessions.held_out(data, 1)
    assert earlier.n_users == 9
    asked_for: list[Any] = sorted(
        (prefix.tolist(), item) for prefix, item in zip(asked.prefixes, asked.following.tolist(), strict=True)
    )
    assert asked_for == [([2], 0)]  # item 3 was never met before
