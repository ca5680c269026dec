import numpy as np
import pytest
from scipy import stats

from equipoise.policies.item_draws import betas, normals

ITEMS = np.arange(1_000)


def test_they_are_a_function_of_the_turn_the_item_and_the_draw() -> None:
    many = normals(ITEMS, 3, 64)
    np.testing.assert_array_equal(normals(ITEMS[[5, 900]], 3, 64), many[[5, 900]])
    np.testing.assert_array_equal(normals(ITEMS, 3, 10), many[:, :10])
    for other in (normals(ITEMS, 4, 64), np.roll(many, 1, axis=0), np.roll(many, 1, axis=1)):
        assert abs(np.corrcoef(many.ravel(), other.ravel())[0, 1]) < 0.02


def test_normals_are_normal() -> None:
    assert stats.kstest(normals(ITEMS, 1, 64).ravel(), "norm").pvalue > 1e-3


@pytest.mark.parametrize(("a", "b"), [(4.0, 76.0), (0.5, 0.5), (4.0, 0.5), (1e3, 2e4), (1e8, 1e8)])
def test_betas_are_beta(a: float, b: float) -> None:
    drawn = betas(np.full(1_000, a), np.full(1_000, b), ITEMS, 2, 64)
    assert stats.kstest(drawn.ravel(), stats.beta(a, b).cdf).pvalue > 1e-3


def test_betas_of_an_item_do_not_depend_on_the_others() -> None:
    a, b = np.linspace(1.0, 50.0, 1_000), np.linspace(90.0, 3.0, 1_000)
    np.testing.assert_array_equal(
        betas(a[[7, 8]], b[[7, 8]], ITEMS[[7, 8]], 5, 64), betas(a, b, ITEMS, 5, 64)[[7, 8]]
    )


def test_unseen_items_and_none_have_draws_too() -> None:
    assert np.isfinite(normals(np.array([-1, 2**40]), 0, 8)).all()
