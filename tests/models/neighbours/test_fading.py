import numpy as np
import pytest

from equipoise.models.neighbours.fading import REACH, Fading, faded


@pytest.mark.parametrize(
    ("fading", "expected"),
    [
        ("exponential", np.exp([0, -0.5, -1, -1.5])),
        ("linear", [1, 0.5, 0, 0]),
        ("harmonic", [1, 2 / 3, 1 / 2, 2 / 5]),
    ],
)
def test_tables_at_two_places(fading: Fading, expected: list[float]) -> None:
    found = faded(fading, 2.0)
    assert len(found) == REACH
    np.testing.assert_allclose(found[:4], expected)
