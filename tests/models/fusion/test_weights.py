import numpy as np
import pytest

from equipoise.data.histories import Histories
from equipoise.models.fusion.shortlist import Shortlist, chosen
from equipoise.models.fusion.standard import standardised
from equipoise.models.fusion.weights import fit_weights
from equipoise.random import derive
from equipoise.types import Floats


def drawn(n: int, weights: Floats) -> tuple[Shortlist, Histories]:
    """Answers drawn from softmax(weights @ z) over 40 items."""
    rng = derive(6)
    parts = [np.asarray(standardised(rng.normal(size=(n, 40))), np.float32) for _ in weights]
    logits = np.sum([weight * part for weight, part in zip(weights, parts, strict=True)], axis=0)
    targets = np.argmax(logits + rng.gumbel(size=logits.shape), axis=1)
    lists = chosen(parts, Histories.of([[]] * n), 40, repeats=False)
    return lists, Histories(targets, np.arange(n + 1))


def test_weights_are_about_those_the_answers_were_drawn_with() -> None:
    weights = fit_weights(*drawn(4000, np.array([3.0, 1.0, 0.0])), 10)
    np.testing.assert_allclose(weights, [0.75, 0.25, 0.0], atol=0.08)


def test_a_few_users_do_not_move_the_weights_far() -> None:
    lists, targets = drawn(8, np.array([1.0, 1.0]))
    weights = fit_weights(lists, targets, 10)
    assert np.abs(weights - 0.5).max() <= 0.2


def test_one_right_model_has_all_the_weight() -> None:
    """Of two lists of three candidates, the second model has the answer first for everybody."""
    n = 50
    lists = Shortlist(
        items=Histories(np.tile([0, 1, 2], n), np.arange(n + 1) * 3),
        scores=np.tile(np.array([[1.0, 0.0], [0.0, 0.9], [0.0, 0.1]], np.float32), (n, 1)),
        ranks=np.tile(np.array([[1.0, 3.0], [2.0, 1.0], [3.0, 2.0]], np.float32), (n, 1)),
        size=3,
    )
    weights = fit_weights(lists, Histories(np.ones(n, np.int64), np.arange(n + 1)), 10)
    assert weights[1] > 0.5
    scores = lists.scores[:3] @ weights
    assert scores.argmax() == 1


@pytest.mark.parametrize("targets", [[[39], [39]], [[0], [0]]])
def test_equal_where_nothing_can_be_told(targets: list[list[int]]) -> None:
    lists = Shortlist(
        items=Histories(np.array([0, 0]), np.array([0, 1, 2])),
        scores=np.ones((2, 2), np.float32),
        ranks=np.ones((2, 2), np.float32),
        size=1,
    )
    assert fit_weights(lists, Histories.of(targets)).tolist() == [0.5, 0.5]


def test_one_model_has_the_weight() -> None:
    lists, targets = drawn(5, np.array([1.0]))
    assert fit_weights(lists, targets).tolist() == [1.0]


def test_standardised_rows() -> None:
    found = standardised(np.array([[1.0, 2.0, 3.0], [5.0, 5.0, 5.0]]))
    np.testing.assert_allclose(found, np.array([[-(1.5**0.5), 0, 1.5**0.5], [0, 0, 0]]))
