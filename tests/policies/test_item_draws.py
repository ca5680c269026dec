import numpy as np
import pytest
from scipy import stats

from equipoise.policies.item_draws import Draws

ITEMS = np.arange(1_000)


def test_they_are_a_function_of_the_turn_the_item_and_the_draw() -> None:
    many = Draws.of(ITEMS, 3, 64).normals()
    np.testing.assert_array_equal(Draws.of(ITEMS[[5, 900]], 3, 64).normals(), many[[5, 900]])
    np.testing.assert_array_equal(Draws.of(ITEMS, 3, 10).normals(), many[:, :10])
    for other in (Draws.of(ITEMS, 4, 64).normals(), np.roll(many, 1, axis=0), np.roll(many, 1, axis=1)):
        assert abs(np.corrcoef(many.ravel(), other.ravel())[0, 1]) < 0.02


def test_normals_are_normal() -> None:
    assert stats.kstest(Draws.of(ITEMS, 1, 64).normals().ravel(), "norm").pvalue > 1e-3


@pytest.mark.parametrize(("a", "b"), [(4.0, 76.0), (0.5, 0.5), (4.0, 0.5), (1e3, 2e4), (1e8, 1e8)])
def test_betas_are_beta(a: float, b: float) -> None:
    drawn = Draws.of(ITEMS, 2, 64).betas(np.full((1_000, 1), a), np.full((1_000, 1), b))
    assert stats.kstest(drawn.ravel(), stats.beta(a, b).cdf).pvalue > 1e-3


def test_unseen_items_and_none_have_draws_too() -> None:
    assert np.isfinite(Draws.of(np.array([-1, 2**40]), 0, 8).normals()).all()
