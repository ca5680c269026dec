import numpy as np
import pytest
from tests.models.conftest import orders

from equipoise.data.histories import Histories
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.models import ContentKNN, ContentRegression
from equipoise.models.content.content_regression import _solved
from equipoise.random import derive


def test_the_solution_satisfies_its_equation() -> None:
    rng = derive(2)
    a, b, onto = rng.normal(size=(9, 4)), rng.normal(size=(8, 4)), rng.normal(size=(4, 4))
    before, gram = a.T @ a, b.T @ b
    found = _solved(before, gram, onto, 0.5).astype(np.float64)
    np.testing.assert_allclose(before @ found @ gram + 0.5 * found, onto, atol=1e-4)


def test_one_pair_worked_out_by_hand() -> None:
    """Two items of one tag each, met one after the other by 3 users: G = diag(3, 0), Q = 3 at (0, 1)."""
    content = ItemContent.of_tags([["a"], ["b"]])
    scorer = ContentRegression(content=content, reg=2.0, decay=1.0).fit(
        orders([[0, 1]] * 3, 2), rng=derive(1)
    )
    np.testing.assert_allclose(scorer.weights, np.array([[0, 3 / (3 + 2)], [0, 0]]), atol=1e-6)


def test_what_follows_is_learnt_and_carries_over_to_items_nobody_met() -> None:
    """Shampoos (0-9) are followed by conditioners (10-19) of the same brand; nobody has met 19 or 9."""
    rng = derive(3)
    tags = [["shampoo", f"brand {item % 2}"] for item in range(10)]
    tags += [["conditioner", f"brand {item % 2}"] for item in range(10)]
    rows = [[2 * rng.integers(4) + user % 2, 10 + 2 * rng.integers(4) + user % 2] for user in range(200)]
    content, data = ItemContent.of_tags(tags), orders([[int(i) for i in row] for row in rows], 20)
    learnt = ContentRegression(content=content, reg=1.0).fit(data, rng=derive(1))
    best = learnt.top(Histories.of([[9]]), 5).items[0]
    assert sorted(best.tolist()) == [11, 13, 15, 17, 19]
    alike = ContentKNN(content=content).fit(data, rng=derive(1)).top(Histories.of([[9]]), 4).items[0]
    assert (alike < 10).all()
    found = learnt.because(Histories.of([[0, 9]]), np.array([19]), 2)
    assert found.items[0, 0] == 9


def test_reasons_add_up_to_the_score() -> None:
    content = ItemContent.of_tags([["a"], ["b", "c"], ["c"], ["a", "c"]])
    scorer = ContentRegression(content=content, reg=1.0).fit(
        orders([[0, 1, 3], [1, 3], [0, 3]], 4), rng=derive(1)
    )
    histories = Histories.of([[0, 1, 2]])
    total = scorer.because(histories, np.array([3]), 3)
    assert total.scores[np.isfinite(total.scores)].sum() == pytest.approx(
        scorer.score(histories)[0, 3], abs=1e-5
    )


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(BadInputError, match="reg must be above 0"):
        ContentRegression(reg=0.0)
    with pytest.raises(BadInputError, match="content_regression needs it"):
        ContentRegression().fit(orders([[0]], 1), rng=derive(1))
