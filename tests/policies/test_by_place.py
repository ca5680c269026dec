import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies import ByPlace, Options


def test_the_chance_falls_with_the_place_and_equals_share_one() -> None:
    options = Options(
        items=np.array([[5, 6, 7, -1], [5, 6, 7, 8]]),
        scores=np.array([[1.0, 9.0, 3.0, 99.0], [2.0, 2.0, 1.0, 0.0]]),
        features=np.zeros((2, 4, 1)),
        context=np.zeros((2, 0)),
    )
    policy = ByPlace(power=2.0).start(1)
    chances = np.column_stack(
        [policy.propensities(options, np.full((2, 1), place))[:, 0] for place in range(4)]
    )
    first = np.array([1 / 9, 1.0, 1 / 4, 0.0])
    second = np.array([1.0, 1.0, 1 / 9, 1 / 16])
    np.testing.assert_allclose(chances, [first / first.sum(), second / second.sum()])


def test_a_power_that_is_none_is_refused() -> None:
    with pytest.raises(BadInputError, match="power"):
        ByPlace(power=0.0)
