from collections.abc import Callable

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.discounted import Discounted

WEIGHTS = np.array([0.4, -0.2, 0.1])


def test_deviations_are_those_of_the_discounted_estimate(planted: Callable[..., LoggedFeedback]) -> None:
    """Over many histories the estimate spreads as the covariance says, prior aside."""
    means, said = [], []
    for seed in range(100):
        known = Discounted.prior(3, half_life=60.0)
        for batch in range(20):
            known = known.learn(planted(20, WEIGHTS, seed=1_000 * seed + batch))
        means.append(known.believed.mean)
        said.append(np.diag(known.believed.root.T @ known.believed.root))
    np.testing.assert_allclose(np.std(means, axis=0), np.sqrt(np.mean(said, axis=0)), rtol=0.3)


def test_without_forgetting_it_is_ridge_regression(planted: Callable[..., LoggedFeedback]) -> None:
    known = Discounted.prior(3, half_life=1e15).learn(planted(100, WEIGHTS))
    np.testing.assert_allclose(known.believed.mean, known.ridge.believed.mean)
    np.testing.assert_allclose(known.believed.root, known.ridge.believed.root, atol=1e-9)
