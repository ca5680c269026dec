"""The figures of sessions, by hand."""

from dataclasses import dataclass
from typing import cast

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


def accuracy(scores: list[float], following: list[int]) -> tuple[float, float]:
    data = Sessions(
        train=orders([[0, 1]], len(scores)),
        prefixes=Histories.of([[0]] * len(following)),
        following=np.array(following),
    )
    return sequences_sessions.accuracy(cast("Scorer", Fixed(np.array(scores, np.float32))), data)


def test_the_figures_by_hand() -> None:
    assert accuracy([0.6, 0.3, 0.1], [1, 2]) == pytest.approx((100.0, 100 * (1 / 2 + 1 / 3) / 2), abs=0.01)


def test_an_item_with_the_score_of_others_is_in_the_middle_of_them() -> None:
    assert accuracy([0.6, 0.6, 0.6], [0]) == (100.0, 50.0)


def test_what_is_below_the_best_twenty_counts_nothing() -> None:
    assert accuracy(list(range(30, 0, -1)), [19, 20]) == pytest.approx((50.0, 2.5))
