import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.evaluation.prediction import calibration_error
from equipoise.models.rankers import Calibrated
from equipoise.models.rankers.calibration import Isotonic, Platt, curve, pooled
from equipoise.models.rankers.probabilities import logit, sigmoid
from equipoise.random import derive


def test_violators_are_pooled_as_by_hand() -> None:
    values, weights = np.array([1.0, 3.0, 2.0, 4.0, 3.5, 3.6, 9.0]), np.ones(7)
    assert pooled(values, weights).tolist() == [0, 1, 1, 2, 2, 2, 3]
    assert pooled(np.array([2.0, 1.0]), np.array([1.0, 3.0])).tolist() == [0, 0]


def test_the_isotonic_curve_rises_and_is_never_0_or_1() -> None:
    rng = derive(1)
    predicted = rng.random(500)
    outcomes = (rng.random(500) < predicted**2).astype(np.float64)
    fitted = Isotonic.fit(predicted, outcomes)
    assert (np.diff(fitted.value) > 0).all()
    assert fitted.value.min() > 0
    assert fitted.value.max() < 1


def test_platt_finds_the_slope_and_shift_that_were_planted() -> None:
    rng = derive(2)
    predicted = rng.uniform(0.05, 0.95, 50_000)
    outcomes = (rng.random(50_000) < sigmoid(0.5 * logit(predicted) - 1)).astype(np.float64)
    fitted = Platt.fit(predicted, outcomes)
    assert fitted.slope == pytest.approx(0.5, abs=0.03)
    assert fitted.shift == pytest.approx(-1, abs=0.03)


@pytest.mark.parametrize("method", ["isotonic", "platt"])
def test_what_was_too_sure_becomes_calibrated(method: str) -> None:
    rng = derive(3)
    truth = rng.uniform(0.2, 0.8, 20_000)
    sure = sigmoid(3 * logit(truth) + 0.5)
    outcomes = (rng.random(20_000) < truth).astype(np.float64)
    fitted = curve(method, sure[:10_000], outcomes[:10_000])
    ones = np.ones(10_000)
    assert calibration_error(sure[10_000:], outcomes[10_000:], ones) > 0.1
    assert calibration_error(fitted(sure[10_000:]), outcomes[10_000:], ones) < 0.03


def test_nothing_to_calibrate_on_changes_nothing() -> None:
    some = np.array([0.2, 0.7])
    for method in ("isotonic", "platt"):
        np.testing.assert_allclose(curve(method, np.zeros(0), np.zeros(0))(some), some, atol=1e-6)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(BadInputError, match="one of isotonic, platt"):
        Calibrated(method="spline")
