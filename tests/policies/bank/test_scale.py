import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.policies.bank.scale import FeatureScale
from equipoise.policies.bank.state_space import StateSpace
from equipoise.random import derive


def test_the_unit_is_the_usual_size_in_the_first_feedback_and_stays() -> None:
    features = derive(1, "scale").normal(size=(500, 3)) * [100.0, 1.0, 0.01]
    scale = FeatureScale.prior(3, None).after(features)
    np.testing.assert_allclose(np.mean(scale.applied(features) ** 2, axis=0), 1.0)
    np.testing.assert_array_equal(scale.after(features * 7.0).unit, scale.unit)


def test_features_come_as_they_are_before_any_feedback() -> None:
    scale, features = FeatureScale.prior(2, None), np.array([[3.0, -0.5]])
    np.testing.assert_array_equal(scale.applied(features), features)
    np.testing.assert_array_equal(scale.after(np.zeros((0, 2))).applied(features), features)


def test_a_feature_that_is_never_there_keeps_its_unit() -> None:
    scale = FeatureScale.prior(2, None).after(np.array([[2.0, 0.0], [2.0, 0.0]]))
    np.testing.assert_array_equal(scale.unit, [2.0, 1.0])


def test_what_is_no_number_is_0_and_what_is_far_is_cut() -> None:
    scale = FeatureScale.prior(4, None)
    applied = scale.applied(np.array([[np.nan, np.inf, -np.inf, -1e9]]))
    np.testing.assert_array_equal(applied[0, :3], 0.0)
    assert -1e3 < applied[0, 3] < -1.0


def test_a_prior_is_one_more_feature_the_logarithm_of_what_it_expects() -> None:
    scale = FeatureScale.prior(2, np.array([0.02, 0.01])).after(np.array([[1.0, 0.0], [1.0, 2.0]]))
    assert scale.width == 3
    told = scale.applied(np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]))[:, 2]
    np.testing.assert_allclose(told, np.log(np.array([0.02, 0.03, 0.04]) / 0.03))


def test_a_prior_that_expects_nothing_or_less_stays_a_number() -> None:
    scale = FeatureScale.prior(1, np.array([0.1])).after(np.array([[1.0]]))
    assert np.isfinite(scale.applied(np.array([[0.0], [-5.0], [np.nan]]))).all()


def test_a_prior_is_believed_at_weight_1_and_no_prior_is_no_feature() -> None:
    told, silent = FeatureScale.prior(2, np.array([0.0, 0.1])), FeatureScale.prior(2, np.zeros(2))
    assert (told.width, silent.width) == (3, 2)
    for scale, expected in ((told, [0.0, 0.0, 1.0, -2.0]), (silent, [0.0, 0.0, -2.0])):
        bank = StateSpace.prior(scale.width, constant=-2.0, constant_variance=4.0)
        believed = scale.believed(bank)
        np.testing.assert_array_equal(believed.weights, np.tile(expected, (len(bank.rates), 1)))
        assert (bank.weights[:, :-1] == 0.0).all()


def test_a_prior_of_another_length_is_refused() -> None:
    with pytest.raises(BadInputError, match="prior_mean: must have 2 weights"):
        FeatureScale.prior(2, np.ones(3))


def test_a_prior_leaves_less_for_the_weights_to_say() -> None:
    assert FeatureScale.prior(2, None).weight_variance == 1.0
    assert FeatureScale.prior(2, np.array([0.1, 0.0])).weight_variance < 1.0
