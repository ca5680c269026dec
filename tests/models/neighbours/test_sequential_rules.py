from math import inf

import numpy as np
import pytest
from tests.models.conftest import orders

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models import SequentialRules
from equipoise.random import derive


def table(learner: SequentialRules, sessions: list[list[int]], n_items: int) -> np.ndarray:
    weights: np.ndarray = learner.fit(orders(sessions, n_items), rng=derive(1)).weights.toarray()
    return weights


def test_rules_worked_out_by_hand() -> None:
    found = table(SequentialRules(half_life=inf, shrinkage=1.0), [[0, 1, 2], [0, 1]], 3)
    np.testing.assert_allclose(found, np.array([[0, 4, 1], [0, 0, 2], [0, 0, 0]]) / 6, rtol=1e-6)


def test_rules_reach_only_so_many_steps() -> None:
    found = table(SequentialRules(steps=1, half_life=inf, shrinkage=0.0), [[0, 1, 2]], 3)
    np.testing.assert_allclose(found, [[0, 1, 0], [0, 0, 1], [0, 0, 0]])


def test_an_item_may_follow_itself() -> None:
    assert table(SequentialRules(steps=1, shrinkage=0.0), [[0, 0]], 1)[0, 0] == pytest.approx(1 / 2)


def test_old_sessions_count_less() -> None:
    found = table(SequentialRules(half_life=0.5, shrinkage=0.0), [[0, 1], [0, 2]], 3)
    np.testing.assert_allclose(found[0], [0, 1 / 3, 2 / 3], rtol=1e-6)


def test_no_rule_leads_from_one_session_into_the_next() -> None:
    assert not table(SequentialRules(), [[0], [1], [2]], 3).any()


def test_only_the_newest_item_counts_unless_others_are_asked() -> None:
    data = orders([[0, 1], [2, 3]], 4)
    both = Histories.of([[0, 2]])
    assert SequentialRules().fit(data, rng=derive(1)).score(both)[0, 1] == 0
    assert SequentialRules(decay=0.5).fit(data, rng=derive(1)).score(both)[0, 1] > 0


def test_follows_a_planted_cycle() -> None:
    rng = derive(3)
    starts = rng.integers(0, 20, 100)
    data = orders([[(start + step) % 20 for step in range(5)] for start in starts], 20)
    best = SequentialRules().fit(data, rng=derive(1)).top(Histories.of([[i] for i in range(20)]), 1)
    assert best.items[:, 0].tolist() == [(i + 1) % 20 for i in range(20)]


def test_senseless_settings_are_refused() -> None:
    with pytest.raises(BadInputError, match="steps must be at least 1"):
        SequentialRules(steps=0)
    with pytest.raises(BadInputError, match="decay from 0 to 1"):
        SequentialRules(decay=2.0)
