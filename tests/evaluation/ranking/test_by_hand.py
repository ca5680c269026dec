"""Each metric on a case small enough to work out on paper."""

from math import log, log2

import numpy as np
import pytest

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.evaluation.ranking import About, measure
from equipoise.evaluation.ranking.about import Categories, Popularity, Vectors
from equipoise.evaluation.ranking.auc import auc

from .conftest import held_out

# Two users who met 0 and 1. The first gets 2, 3, 4 and met 4 and 5 next; the second gets 2 and 3 and met 2.
ASKED = held_out([[0], [1, 0]], [[4, 5], [2]], [3.0, 10.0, 8.0])
LISTS = np.array([[2, 3, 4], [2, 3, -1]])
MET_BY = np.array([8, 4, 2, 1, 0, 1])


def test_average_precision() -> None:
    """The first user's only hit is at rank 3 (precision 1/3) of 2 targets; the second's is at rank 1 of 1."""
    assert measure(LISTS, ASKED, 6, (3,)).per_user["map@3"].tolist() == pytest.approx([1 / 3 / 2, 1.0])


def test_gini() -> None:
    """Items are shown 0, 0, 0, 1, 2, 2 times: sum (2j - 7) p_j = (1 * 1 + 3 * 2 + 5 * 2) / 5, over 5."""
    assert measure(LISTS, ASKED, 6, (3,)).coverage["gini@3"] == pytest.approx(17 / 25)


@pytest.mark.parametrize(("items", "expected"), [([[0]] * 4, 1.0), ([[0], [1], [2], [3]], 0.0)])
def test_gini_of_one_item_and_of_all_alike(items: list[list[int]], expected: float) -> None:
    asked = held_out([[]] * 4, [[0]] * 4)
    assert measure(np.array(items), asked, 4, (1,)).coverage["gini@1"] == pytest.approx(expected)


def test_popularity_and_novelty() -> None:
    """Of 8 users 2, 1 and none met 2, 3 and 4; one who met none counts as one."""
    about = About(popularity=Popularity(met_by=MET_BY, n_users=8))
    found = measure(LISTS, ASKED, 6, (3,), about=about)
    assert found.per_user["popularity@3"].tolist() == [1.0, 1.5]
    assert found.per_user["novelty@3"].tolist() == pytest.approx([(2 + 3 + 3) / 3, 2.5])
    # The histories' means are 8 and 6, those of the lists 1 and 1.5.
    assert found.coverage["popularity_lift@3"] == pytest.approx(1.25 / 7 - 1)


def test_diversity_and_serendipity() -> None:
    """Items 0, 1, 2 point one way, 3 another; 4 lies half way, at 45 degrees; 5 says nothing."""
    content = np.array([[2.0, 0.0], [1.0, 0.0], [3.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    found = measure(LISTS, ASKED, 6, (2, 3), about=About(vectors=Vectors.of(content))).per_user
    half = 0.5**0.5
    assert found["diversity@3"].tolist() == pytest.approx([1 - 2 * half / 3, 1.0])
    assert found["unexpectedness@3"].tolist() == pytest.approx([(0 + 1 + 1 - half) / 3, 0.5])
    # The first user's hit, 4, lies at 45 degrees to the history; the second's, 2, is what was met before.
    assert found["serendipity@3"].tolist() == pytest.approx([(1 - half) / 3, 0.0])
    assert found["serendipity@2"].tolist() == [0.0, 0.0]


def test_likeness_by_who_met_what() -> None:
    """Items 0 and 1 were met by the same users, 2 by one of those two, 3 by another."""
    users, items = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 1, 2, 0, 1, 3])
    ones = np.ones(6)
    train = Interactions(
        users=users, items=items, times=np.arange(6), weights=ones, values=ones, n_users=3, n_items=4
    )
    about = About.of(train)
    found = measure(np.array([[0, 1], [0, 2], [0, 3]]), held_out([[]] * 3, [[0]] * 3), 4, (2,), about=about)
    assert found.per_user["diversity@2"].tolist() == pytest.approx([0.0, 1 - 0.5**0.5, 1.0], abs=1e-6)
    assert found.per_user["popularity@2"].tolist() == [2.0, 1.5, 1.5]
    assert "miscalibration@2" not in found.per_user


def test_calibration() -> None:
    """Histories are all of category a; the lists are a third and a half of it. Item 4 is of both."""
    belongs = np.array([[1, 0], [1, 0], [1, 0], [0, 1], [1, 1], [0, 0]])
    found = measure(LISTS, ASKED, 6, (1, 2, 3), about=About(categories=Categories.of(belongs))).per_user
    assert found["miscalibration@1"].tolist() == pytest.approx([0.0, 0.0])
    assert found["miscalibration@2"].tolist() == pytest.approx([log(1 / (0.99 * 0.5 + 0.01))] * 2)
    assert found["miscalibration@3"][0] == pytest.approx(log(1 / (0.99 * 0.5 + 0.01)))


def test_area_under_the_curve() -> None:
    """Of the items 0, 1, 2 that are no targets, 3 is above two and equal to one; 4 is above none."""
    scores = np.array([[1.0, 2.0, 3.0, 3.0, 0.5]], np.float32)
    assert auc(scores, held_out([[]], [[3, 4]]).targets).tolist() == pytest.approx([2.5 / 6])
    # An item beyond the scores is below everything; what was seen is no candidate.
    asked = held_out([[1, 1, 9]], [[3, 7]])
    assert auc(scores, asked.targets, asked.histories).tolist() == pytest.approx([2.5 / 3 / 2])
    assert auc(scores[:, :1], held_out([[]], [[0]]).targets).tolist() == [0.5]


def test_novelty_is_in_bits() -> None:
    about = About(popularity=Popularity(met_by=np.array([1, 16]), n_users=16))
    found = measure(np.array([[0], [1]]), held_out([[], []], [[0], [0]]), 2, (1,), about=about)
    assert found.per_user["novelty@1"].tolist() == [log2(16), 0.0]


def test_facts_of_other_items_are_refused() -> None:
    with pytest.raises(BadInputError, match="is of 2 items; the scorer has 3"):
        About(vectors=Vectors.of(np.ones((2, 2)))).check(3)
    with pytest.raises(BadInputError, match="must be counts"):
        Popularity(met_by=np.array([-1, 2]), n_users=3)
    with pytest.raises(BadInputError, match="below the users"):
        Popularity(met_by=np.array([1, 5]), n_users=3)
    with pytest.raises(BadInputError, match="must not be below 0"):
        Categories.of(np.array([[1.0, -1.0]]))
