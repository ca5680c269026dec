"""A softmax over worths that are linear in what scores and items say."""

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies import Options, SoftmaxLinear, SoftmaxLinearPolicy
from equipoise.policies.softmax_linear import signals
from equipoise.types import Floats


def offer(scores: Floats, items: list[int]) -> Options:
    m = len(items)
    return Options(
        items=np.array([items]), scores=scores[None], features=np.zeros((1, m, 1)), context=np.zeros((1, 0))
    )


def test_chances_are_the_softmax_of_standard_scores() -> None:
    options = offer(np.array([1.0, 2.0, 3.0]), [4, 5, 6])
    chances = SoftmaxLinear().start(1).propensities(options, np.array([[2, 0, 1]]))[0]
    z = np.exp(np.array([-1.0, 0.0, 1.0]) * np.sqrt(1.5))
    np.testing.assert_allclose(chances, [z[2] / z.sum(), z[0] / (z[0] + z[1]), 1.0])


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_what_is_read_of_scores_has_no_unit(kind: type) -> None:
    scores: Floats = np.array([[3.0, 1.0, 3.0, 0.0, 9.0]], kind)
    items = np.array([[1, 2, 3, 4, -1]])
    told = signals(scores, items)
    np.testing.assert_allclose(told[0, :, 1], [0.0, -np.log2(3), 0.0, -2.0, 0.0])
    np.testing.assert_allclose(told, signals(100 + 7 * scores, items), rtol=1e-5)
    assert np.isfinite(signals(np.full((1, 3), np.nan, kind), np.array([[1, 2, 3]]))).all()


def test_items_without_a_row_are_worth_what_their_score_says() -> None:
    policy = SoftmaxLinearPolicy(weights=np.array([1.0, 0.0]), items=np.array([[0.0], [2.0]]))
    worth = policy.weighing(offer(np.zeros(3), [1, 0, 7]))[0]
    np.testing.assert_array_equal(worth, [[2.0, 0.0, 0.0]])


def test_a_sharpness_that_is_no_number_is_refused() -> None:
    with pytest.raises(BadInputError, match="sharpness: must be a finite number"):
        SoftmaxLinear(sharpness=float("nan"))
