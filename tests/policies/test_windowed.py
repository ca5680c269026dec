from collections.abc import Callable

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.windowed import Windowed

WEIGHTS = np.array([0.4, -0.2, 0.1])


def test_rows_before_the_window_are_forgotten_wholly(planted: Callable[..., LoggedFeedback]) -> None:
    old, new = planted(1_000, 10.0 * WEIGHTS), planted(300, WEIGHTS, seed=2)
    known = Windowed.prior(3, size=300).learn(old).learn(new)
    fitted = np.linalg.lstsq(new.features, new.rewards, rcond=None)[0]
    assert len(known.rows) == 300
    np.testing.assert_allclose(known.ridge.believed.mean, fitted, atol=0.02)
