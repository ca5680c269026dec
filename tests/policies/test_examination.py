import numpy as np
import pytest

from equipoise.policies.examination import POSITIONS, Examination


def test_it_starts_from_the_discount_of_ranking_metrics() -> None:
    np.testing.assert_allclose(Examination.none().curve(1.0), 1.0 / np.log2(2.0 + np.arange(POSITIONS)))


def test_it_moves_to_what_positions_earn_of_what_was_predicted() -> None:
    positions = np.array([0, 1, 2])
    much = Examination.none().add(positions, np.array([1e4, 8e3, 1e3]), np.array([1e4, 1e4, 1e4]), keep=1.0)
    np.testing.assert_allclose(much.curve(1.0)[:3], [1.0, 0.8, 0.1], atol=0.01)


def test_the_top_is_one_whatever_the_scale_of_the_predictions() -> None:
    positions = np.array([0, 1])
    half = Examination.none().add(positions, np.array([5e3, 2e3]), np.array([1e4, 1e4]), keep=1.0)
    assert half.curve(1.0)[:2].tolist() == pytest.approx([1.0, 0.4], abs=0.01)


def test_negative_sums_and_deep_positions_leave_a_positive_curve() -> None:
    odd = Examination.none().add(np.array([0, 500]), np.array([3.0, -50.0]), np.array([-2.0, 9.0]), keep=1.0)
    curve = odd.curve(0.5)
    assert curve.shape == (POSITIONS,)
    assert (curve > 0.0).all()
    assert np.isfinite(curve).all()


def test_it_forgets() -> None:
    old = Examination.none().add(np.array([0, 1]), np.array([1e4, 1e2]), np.array([1e4, 1e4]), keep=1.0)
    new = old.add(np.array([0, 1]), np.array([1e4, 9e3]), np.array([1e4, 1e4]), keep=0.01)
    assert new.curve(1.0)[1] == pytest.approx(0.9, abs=0.02)
