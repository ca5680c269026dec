import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy import LoggedActions
from equipoise.evaluation.offpolicy.formats import (
    from_bandit_feedback,
    from_lines,
    to_bandit_feedback,
    to_lines,
)

LOG = LoggedActions(
    actions=np.array([0, 2, 1]),
    rewards=np.array([1.0, 0.0, 0.5]),
    propensities=np.array([0.5, 0.25, 0.125]),
    n_actions=3,
    contexts=np.array([[0.1, 2.0], [0.3, -4.0], [0.0, 1e-3]]),
)


def test_bandit_feedback_there_and_back() -> None:
    again = from_bandit_feedback(to_bandit_feedback(LOG))
    for name in ("actions", "rewards", "propensities", "contexts"):
        np.testing.assert_array_equal(getattr(again, name), getattr(LOG, name))
    assert again.positions is None


def test_tables_are_read_at_their_position() -> None:
    cube = np.arange(18.0).reshape(3, 3, 2) / 18
    told = to_bandit_feedback(LOG) | {"position": np.array([0, 1, 0]), "pi_b": cube}
    found = from_bandit_feedback(told, predictions=cube)
    assert found.logging is not None
    np.testing.assert_array_equal(found.logging, [cube[0, :, 0], cube[1, :, 1], cube[2, :, 0]])


def test_what_is_missing_is_named() -> None:
    with pytest.raises(BadInputError, match="pscore"):
        from_bandit_feedback(to_bandit_feedback(LOG) | {"pscore": None})


def test_lines_there_and_back() -> None:
    found = from_lines(to_lines(LOG), n_actions=3)
    assert not found.refused
    for name in ("actions", "rewards", "propensities", "contexts"):
        np.testing.assert_array_equal(getattr(found.log, name), getattr(LOG, name))


def test_lines_as_others_write_them() -> None:
    lines = ["1:-1.5:0.5 | a:1 b", "3:0:0.25 | a:2 b", "2:1:1.5 | a:3 b", "4:1:0.5 | a:4 b"]
    found = from_lines(lines, n_actions=3)
    np.testing.assert_array_equal(found.log.rewards, [1.5, 0.0])
    assert found.refused == {"propensity above 1": 1, "action outside the candidates": 1}
    with pytest.raises(BadInputError, match="line 2"):
        from_lines(["1:0:0.5 |", "| a"], n_actions=3)
