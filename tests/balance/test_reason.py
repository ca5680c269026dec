"""Every reason has one true sentence."""

import numpy as np
import pytest

from equipoise.balance.reason import Reason, explained, explored_because


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_one_sentence(reason: Reason) -> None:
    assert reason.text.endswith(".")
    assert reason.text.count(".") == 1
    assert explained(reason.value) == reason.text


def test_a_reason_of_ones_own_is_told_as_it_is() -> None:
    assert explained("full_moon") == "full_moon"


def test_the_most_telling_kind_of_exploration_is_named() -> None:
    explored, new = np.array([True, False]), np.array([True, False])
    none = np.zeros(2, np.bool_)
    assert explored_because(explored, new, learns=False) == Reason.UNIFORM
    assert explored_because(explored, new, learns=True, drifting=True) == Reason.NEW_ITEM
    assert explored_because(explored, none, learns=True, drifting=True) == Reason.DRIFT
    assert explored_because(explored, none, learns=True) == Reason.UNCERTAIN
    assert explored_because(explored, ~new, learns=True) == Reason.UNCERTAIN
