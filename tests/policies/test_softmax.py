from typing import Any

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies import Softmax

RATES = np.array([0.05, 0.4, 0.1, 0.05, 0.2])


@pytest.mark.parametrize("size", [1.0, 100.0])
def test_chances_are_exponentials_of_means_in_units_of_the_mean_reward(
    offer: Any, shown: Any, size: float
) -> None:
    policy = (
        Softmax(temperature=0.5).start(1).update(shown([0, 1, 2] * 100, size * np.tile([0.1, 0.2, 0.3], 100)))
    )
    chances = [policy.propensities(offer(0, 1, 2), np.array([[place]]))[0, 0] for place in range(3)]
    expected = np.exp(policy.means(3) / (0.5 * policy.belief.attention.scale.mean))
    np.testing.assert_allclose(chances, expected / expected.sum())


def test_better_items_are_shown_more(played: Any) -> None:
    _, shares = played(Softmax(temperature=0.3).start(1), RATES, 6_000)
    assert np.argmax(shares) == 1
    assert shares[[2, 4]].min() > shares[[0, 3]].max() > 0.0


def test_a_temperature_of_nothing_is_refused() -> None:
    with pytest.raises(BadInputError, match="temperature: must be above 0"):
        Softmax(temperature=0.0)
