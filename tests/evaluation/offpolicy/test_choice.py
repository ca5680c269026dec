"""How far to shrink, and which estimator to trust."""

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.auto import Auto
from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.evaluation.offpolicy.estimators import IPS, DirectMethod, ShrinkageDR
from equipoise.evaluation.offpolicy.intervals import Normal
from equipoise.evaluation.offpolicy.mean_squared_error import excess_error, squared_error
from equipoise.evaluation.offpolicy.slope import slope
from equipoise.evaluation.offpolicy.tuning import Tuned, tuned
from equipoise.evaluation.offpolicy.weighed import Weighed
from offpolicy_synthetic import Synthetic

FAR = Synthetic(n_actions=6, sharp=2.5)


def weighed(seed: int, wrong: float) -> Weighed:
    log, target = FAR.drawn(800, np.random.default_rng(seed))
    return Weighed.of(FAR.model(log, wrong), target)


def errors(estimator: IPS | Tuned | Auto | ShrinkageDR | DirectMethod, wrong: float) -> float:
    truth = FAR.truth(100_000)
    values = [estimator.of(weighed(seed, wrong)).value for seed in range(40)]
    return float(np.sqrt(np.mean((np.array(values) - truth) ** 2)))


@pytest.mark.parametrize("by", ["slope", "mse"])
def test_tuning_beats_no_shrinking_where_overlap_is_poor(by: str) -> None:
    chosen = Tuned(estimator=ShrinkageDR(), by=by, interval=Normal())  # type: ignore[arg-type]
    assert errors(chosen, 0.1) < errors(ShrinkageDR(interval=Normal()), 0.1)


def test_a_clip_is_chosen_from_the_grid_asked_for() -> None:
    grid = [IPS(), IPS(clip=3.0)]
    assert tuned(IPS(), weighed(0, 0.0), grid=grid) in grid
    with pytest.raises(BadInputError, match="grid"):
        tuned(IPS(), weighed(0, 0.0), grid=[])


def test_slope_stops_before_the_bias_shows() -> None:
    rng = np.random.default_rng(0)
    noise = rng.normal(size=4_000)
    terms = [
        Terms(values=0.0 + 4.0 * noise),
        Terms(values=0.02 + 2.0 * noise),
        Terms(values=0.05 + 1.0 * noise),
        Terms(values=3.00 + 0.1 * noise),
    ]
    assert slope(terms) == 2
    assert slope(terms[:1]) == 0
    assert slope(terms[::-1]) == 1


def test_the_estimated_error_is_variance_and_bias() -> None:
    values = np.array([1.0, 3.0] * 50)
    unbiased = Terms(values=values - 1.0)
    assert squared_error(Terms(values=values), unbiased) == pytest.approx(1.0 / 100 + 1.0)
    assert excess_error(Terms(values=values), unbiased) == pytest.approx(1.0 / 100 + 1.0)
    noisy = Terms(values=values + np.tile([2.0, 2.0, -2.0, -2.0], 25))
    assert excess_error(Terms(values=values), noisy) == pytest.approx(1.0 / 100)


@pytest.mark.parametrize("wrong", [0.0, 0.5])
def test_auto_is_near_the_better_of_model_and_weights(wrong: float) -> None:
    model, weights = (
        errors(DirectMethod(interval=Normal()), wrong),
        errors(ShrinkageDR(interval=Normal()), wrong),
    )
    chosen = errors(Auto(interval=Normal()), wrong)
    assert chosen < max(model, weights)
    assert chosen < 0.8 * (model + weights)


def test_the_interval_of_auto_is_that_of_an_unbiased_estimate() -> None:
    rounds = weighed(1, 0.0)
    found = Auto(interval=Normal()).of(rounds)
    unbiased = ShrinkageDR(interval=Normal()).of(rounds)
    assert found.low <= unbiased.low
    assert found.high >= unbiased.high
    assert found.low <= found.value <= found.high


def test_auto_needs_no_model() -> None:
    log, target = FAR.drawn(800, np.random.default_rng(0))
    found = Auto().chosen(Weighed.of(log, target))
    assert "IPS" in type(found).__name__
