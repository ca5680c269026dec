from math import inf

import numpy as np
import pytest
from tests.models.conftest import orders

from equipoise.errors import BadInputError
from equipoise.models import BorrowedRules, ItemKNN, SequentialRules
from equipoise.random import derive

RULES = SequentialRules(steps=1, half_life=inf, shrinkage=0.0)


def test_an_item_has_the_rules_of_the_item_like_it() -> None:
    """Item 0 was met with 1 alone; 1 leads to 2, and never 0 did."""
    data = orders([[1, 0], [1, 2]], 3)
    learner = BorrowedRules(rules=RULES, lenders=ItemKNN(n_neighbors=1, shrinkage=0.0))
    found = learner.fit(data, rng=derive(1)).weights.toarray()
    np.testing.assert_allclose(found[0], [1 / 2, 0, 1 / 2])


def test_only_the_strongest_rules_are_kept() -> None:
    rng = derive(5)
    data = orders([rng.integers(0, 30, 8).tolist() for _ in range(50)], 30)
    whole = BorrowedRules(n_rules=30).fit(data, rng=derive(1)).weights.toarray()
    kept = BorrowedRules(n_rules=4).fit(data, rng=derive(1)).weights.toarray()
    assert (np.count_nonzero(kept, axis=1) >= 4).all()
    for row in range(30):
        assert kept[row][kept[row] > 0].min() >= np.sort(whole[row])[-4]


def test_senseless_settings_are_refused() -> None:
    with pytest.raises(BadInputError, match="n_rules must be at least 1"):
        BorrowedRules(n_rules=0)
