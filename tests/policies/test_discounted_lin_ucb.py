from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import DiscountedLinUCB, LinUCB, Options

WEIGHTS = np.array([0.4, -0.2, 0.1])
Rows = Callable[..., LoggedFeedback]
Request = Callable[..., Options]


def test_it_follows_weights_that_change(planted: Rows) -> None:
    before, after = planted(10_000, WEIGHTS), planted(3_000, -WEIGHTS, seed=2)
    fast = DiscountedLinUCB(half_life=500).start(3).update(before).update(after).hoping()[0]
    slow = LinUCB().start(3).update(before).update(after).hoping()[0]
    np.testing.assert_allclose(fast.mean, -WEIGHTS, atol=0.15)
    assert slow.mean[0] > 0.0


def test_its_bounds_do_not_go_on_shrinking(planted: Rows) -> None:
    def width(n: int) -> float:
        policy = DiscountedLinUCB(half_life=500).start(3)
        for seed in range(n):
            policy = policy.update(planted(100, WEIGHTS, seed=seed))
        return float(policy.hoping()[0].predict(np.eye(3))[1].mean())

    assert width(100) == pytest.approx(width(40), rel=0.2)


@pytest.mark.parametrize("settings", [{"alpha": -1.0}, {"half_life": 0.0}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="discounted_lin_ucb: needs"):
        DiscountedLinUCB(**settings)
