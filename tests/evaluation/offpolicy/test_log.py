from typing import Any

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy import LoggedActions, Target, accepted

GOOD: dict[str, Any] = {
    "actions": np.array([0, 1, 2, 0, 1, 2, 0, 1]),
    "rewards": np.arange(8.0),
    "propensities": np.full(8, 0.5),
    "n_actions": 3,
}


def test_bad_rows_are_left_out_and_counted_by_their_first_fault() -> None:
    actions, rewards, propensities = (GOOD[name].copy() for name in ("actions", "rewards", "propensities"))
    propensities[:3] = 0.0, 1.2, np.nan
    rewards[3], actions[4], rewards[4] = np.nan, 3, np.inf
    found = accepted(
        actions=actions, rewards=rewards, propensities=propensities, n_actions=3, ids=list("abcdefgf")
    )
    assert found.refused == {
        "propensity 0 or below": 1,
        "propensity above 1": 1,
        "propensity missing": 1,
        "reward is no finite number": 1,
        "action outside the candidates": 1,
        "id seen before": 1,
    }
    np.testing.assert_array_equal(found.log.rewards, [5.0, 6.0])
    np.testing.assert_array_equal(np.flatnonzero(found.kept), [5, 6])


def test_candidates_of_the_round_count() -> None:
    candidates = np.ones((8, 3), bool)
    candidates[1, 1] = False
    found = accepted(**GOOD, candidates=candidates)
    assert found.refused == {"action outside the candidates": 1}
    assert found.log.candidates is not None
    assert found.log.candidates.shape == (7, 3)


def test_a_log_of_nothing_is_refused_with_the_reasons() -> None:
    with pytest.raises(BadInputError, match=r"propensity 0 or below \(8 rows\)"):
        accepted(**(GOOD | {"propensities": np.zeros(8)}))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"propensities": np.r_[np.full(7, 0.5), 0.0]}, "propensity 0 or below in 1 rows, first in 7"),
        ({"rewards": np.full(8, np.nan)}, "reward is no finite number"),
        ({"actions": np.full(8, 3)}, "action outside the candidates"),
        ({"rewards": np.zeros(7)}, "rewards: has 7 rows"),
        ({"predictions": np.zeros((8, 2))}, "predictions: has the shape"),
        ({"actions": np.zeros(1, int)}, "needs at least 2"),
    ],
)
def test_a_log_that_does_not_hold_together_is_refused_whole(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInputError, match=words):
        LoggedActions(**(GOOD | change))


def test_a_target_must_be_a_distribution() -> None:
    log = LoggedActions(**GOOD)
    for wrong in (np.array([0.5, 0.5, 0.5]), np.array([1.5, -0.5, 0.0]), np.full(3, np.nan)):
        with pytest.raises(BadInputError, match="no distribution"):
            Target.of(wrong, log)
    with pytest.raises(BadInputError, match="shape"):
        Target.of(np.array([0.5, 0.5]), log)
    with pytest.raises(BadInputError, match=r"\[0, 1\]"):
        Target(logged=np.full(8, 1.5))


def test_rows_keep_what_belongs_to_them() -> None:
    log = LoggedActions(**GOOD, positions=np.arange(8), contexts=np.arange(16.0).reshape(8, 2))
    part = log.rows(np.array([3, 5]))
    assert part.contexts is not None
    np.testing.assert_array_equal(part.contexts, [[6.0, 7.0], [10.0, 11.0]])
    np.testing.assert_array_equal(part.rewards, [3.0, 5.0])
