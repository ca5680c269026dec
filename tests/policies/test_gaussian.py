import numpy as np
import pytest

from equipoise.policies.gaussian import Gaussian, inverse_root, solved
from equipoise.random import derive

RNG = derive(1, "gaussian")
DESIGN = RNG.normal(size=(50, 4))
PRECISION = DESIGN.T @ DESIGN + np.eye(4)


def test_the_root_is_that_of_the_inverse() -> None:
    root = inverse_root(PRECISION)
    assert (np.triu(root, 1) == 0.0).all()
    np.testing.assert_allclose(root.T @ root, np.linalg.inv(PRECISION))


def test_it_solves_and_predicts_like_the_dense_formulas() -> None:
    response, asked = RNG.normal(size=4), RNG.normal(size=(2, 3, 4))
    means, deviations = solved(PRECISION, response, 0.25).predict(asked)
    covariance = np.linalg.inv(PRECISION)
    np.testing.assert_allclose(means, asked @ covariance @ response)
    np.testing.assert_allclose(deviations**2, 0.25 * np.einsum("nmd,de,nme->nm", asked, covariance, asked))


def test_draws_have_the_mean_and_the_covariance() -> None:
    believed = solved(PRECISION, DESIGN.sum(axis=0), 1.0)
    draws = believed.draws(100_000, 2.0, derive(2, "draws"))
    np.testing.assert_allclose(draws.mean(axis=1), believed.mean, atol=0.01)
    np.testing.assert_allclose(np.cov(draws), 4.0 * np.linalg.inv(PRECISION), atol=0.005)


def test_a_direction_lost_in_rounding_counts_as_known() -> None:
    """Two equal columns of huge features leave a pivot of 0 or less."""
    root = inverse_root(np.full((2, 2), 1e20) + np.eye(2))
    assert np.isfinite(root).all()


@pytest.mark.parametrize("d", [0, 1])
def test_few_weights(d: int) -> None:
    believed = Gaussian(np.zeros(d), inverse_root(np.eye(d)))
    means, deviations = believed.predict(np.ones((2, d)))
    np.testing.assert_allclose(means, 0.0)
    np.testing.assert_allclose(deviations, d)
