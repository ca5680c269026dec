from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import Options, RegCB

WEIGHTS = np.array([0.4, -0.2, 0.1])
Rows = Callable[..., LoggedFeedback]
Request = Callable[..., Options]


def test_its_width_is_the_radius_of_the_weights_not_eliminated(planted: Rows) -> None:
    """The highest mean over an ellipsoid of squared errors is that of the paper, found here by search."""
    policy = RegCB(mellowness=0.1).start(3).update(planted(100, WEIGHTS))
    believed, width = policy.hoping()
    precision, asked = np.linalg.inv(believed.root.T @ believed.root), np.array([1.0, 2.0, -1.0])
    angles = np.random.Generator(np.random.Philox(1)).normal(size=(200_000, 3))
    radius = width / np.sqrt(np.einsum("ij,jk,ik->i", angles, precision, angles))
    highest = ((believed.mean + radius[:, None] * angles) @ asked).max()
    mean, deviation = believed.predict(asked)
    assert highest == pytest.approx(mean + width * deviation, rel=1e-3)


def test_its_width_grows_with_what_was_seen(planted: Rows, offered: Request) -> None:
    widths = [RegCB().start(3).update(planted(n, WEIGHTS)).hoping()[1] for n in (10, 1_000, 100_000)]
    assert widths == sorted(widths)
    np.testing.assert_allclose(widths[2], np.sqrt(0.02 * 3 * np.log(100_000)), rtol=0.01)


@pytest.mark.parametrize("settings", [{"mellowness": -0.1}, {"half_life": 0.0}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="reg_cb: needs"):
        RegCB(**settings)
