import numpy as np
import pytest

from equipoise.policies.posterior import LinearPosterior
from equipoise.random import derive


def test_it_solves_and_predicts_like_the_dense_formulas() -> None:
    rng = derive(1, "posterior")
    design, response = rng.normal(size=(50, 4)), rng.normal(size=4)
    precision = design.T @ design + np.eye(4)
    posterior = LinearPosterior.solve(precision, response)
    asked = rng.normal(size=(2, 3, 4))
    means, variances = posterior.predict(asked)
    covariance = np.linalg.inv(precision)
    np.testing.assert_allclose(means, asked @ covariance @ response)
    np.testing.assert_allclose(variances, np.einsum("nmd,de,nme->nm", asked, covariance, asked))


def test_more_precision_is_less_variance() -> None:
    asked = np.array([[1.0, 2.0]])
    loose, tight = (LinearPosterior.solve(size * np.eye(2), np.ones(2)) for size in (1.0, 100.0))
    assert tight.variance(asked)[0] == pytest.approx(loose.variance(asked)[0] / 100)
