import sys
from dataclasses import replace

import numpy as np
import pytest
from tests.models.conftest import Departments, orders
from tests.models.fusion.test_blend import Noise

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError, MissingExtraError
from equipoise.models import EASE, Learner, Popularity, Stacking
from equipoise.models.fusion.stacking import StackingScorer
from equipoise.models.fusion.trees import Growth
from equipoise.random import derive

SMALL = Growth(trees=20, min_rows=5)


def fitted(departments: Departments) -> StackingScorer:
    learners: dict[str, Learner] = {"noise": Noise(), "ease": EASE(reg=10.0)}
    return Stacking(learners=learners, candidates=12, growth=SMALL).fit(departments.data, rng=derive(1))


def test_trees_learn_which_model_to_trust(departments: Departments) -> None:
    """The mean of the two standardised scores finds 7 of 10; the trees see that one of them is noise."""
    scorer = fitted(departments)
    assert scorer.trees is not None
    assert departments.precision(scorer) == 1.0
    assert departments.precision(replace(scorer, trees=None)) < 0.9


def test_what_is_no_candidate_is_below_and_in_the_order_of_the_mean(departments: Departments) -> None:
    scorer = replace(fitted(departments), candidates=3)
    histories = Histories.of([[1, 2], []])
    scores = scorer.score(histories)
    mean = replace(scorer, trees=None).score(histories)
    for row in range(2):
        parts = [one.score(histories)[row] for one in scorer.scorers.values()]
        best = {int(item) for part in parts for item in np.argsort(-part)[:5]}
        listed = np.argsort(-scores[row])[:3]
        assert set(listed.tolist()) <= best
        rest = np.argsort(-scores[row])[6:]
        assert (np.diff(mean[row, rest]) <= 0).all()


def test_other_seeds_grow_other_trees_and_the_same_seed_the_same(departments: Departments) -> None:
    assert fitted(departments).trees == fitted(departments).trees


def test_repeats_are_candidates_where_they_are_asked_for(departments: Departments) -> None:
    rows = [[item, item + 1, item] for item in range(0, 28, 2) for _ in range(9)]
    learner = Stacking(learners={"popularity": Popularity(), "ease": EASE()}, growth=SMALL, repeats=True)
    scorer = learner.fit(orders(rows, 30), rng=derive(1))
    best = scorer.top(Histories.of([[4, 5]]), 2, exclude_seen=False)
    assert set(best.items[0].tolist()) == {4, 5}


def test_nothing_later_to_learn_from_leaves_the_mean() -> None:
    learner = Stacking(learners={"popularity": Popularity(), "ease": EASE()}, growth=SMALL)
    scorer = learner.fit(orders([[0], [1], [1]], 4), rng=derive(1))
    assert scorer.trees is None
    assert scorer.top(Histories.of([[]]), 1).items.tolist() == [[1]]


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(BadInputError, match="needs learners"):
        Stacking(learners={})
    with pytest.raises(BadInputError, match="leaves above 1"):
        Growth(leaves=1)


def test_without_lightgbm_it_names_the_extra(
    departments: Departments, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(MissingExtraError, match=r"equipoise\[boost\]"):
        fitted(departments)
