import numpy as np

from equipoise.policies.prior import SCALE, expected_deviations, prior_precision
from equipoise.policies.reward_scale import RewardScale


def test_the_precision_is_the_inverse_of_the_covariance() -> None:
    mean, deviations = np.array([1.0, -2.0, 0.5]), np.array([0.5, 1.0, 2.0])
    covariance = np.diag(deviations**2) + SCALE**2 * np.outer(mean, mean)
    np.testing.assert_allclose(prior_precision(mean, deviations), np.linalg.inv(covariance))


def test_weights_are_expected_in_proportion_to_rewards_and_against_features() -> None:
    clicks, money = RewardScale(1e6, 1e4, 1e4), RewardScale(1e6, 5e5, 2.5e7)
    sizes = np.array([1.0, 100.0])
    small, large = expected_deviations(clicks, sizes), expected_deviations(money, sizes)
    np.testing.assert_allclose(large / small, 50.0, rtol=1e-2)
    np.testing.assert_allclose(small[0] / small[1], 100.0)
