"""Changes of known size and place: how soon they are noticed, and how often there was none."""

import numpy as np
import pytest

from equipoise.balance.signals import Drift, DriftSignal
from equipoise.errors import BadInputError
from equipoise.random import derive


def until_alarm(signal: DriftSignal, rate: float, expected: float, *, seed: int, most: int) -> int:
    """Return the impressions until the next alarm, in batches of 50; `most` where there is none."""
    rng, before = derive(seed, "clicks"), signal.alarms
    for start in range(0, most, 50):
        signal = signal.add((rng.random(50) < rate).astype(np.float64), np.full(50, expected))
        if signal.alarms > before:
            return start + 50
    return most


def test_false_alarms_are_rarer_than_promised() -> None:
    """Expected at most 40 in 40 runs of the patience each."""
    signal = Drift(patience=2_000.0, tolerance=0.0).start()
    runs = [until_alarm(signal, 0.05, 0.05, seed=seed, most=2_000) for seed in range(200)]
    assert np.mean(np.array(runs) < 2_000) < 0.5
    assert np.mean(runs) > 1_500


@pytest.mark.parametrize(("rate", "within"), [(0.01, 1_500), (0.0, 700), (0.1, 700), (0.3, 100)])
def test_a_change_is_noticed_soon(rate: float, within: int) -> None:
    """Expected were 3 %; what an alarm takes at least is log(patience) over the divergence a step."""
    calm = Drift(patience=10_000.0).start()
    rng = derive(1, "before")
    for _ in range(40):
        calm = calm.add((rng.random(50) < 0.03).astype(np.float64), np.full(50, 0.03))
    assert calm.alarms == 0
    delays = [until_alarm(calm, rate, 0.03, seed=seed, most=5_000) for seed in range(20)]
    assert np.mean(delays) < within


def test_what_is_within_the_tolerance_is_no_change() -> None:
    signal = Drift(patience=10_000.0, tolerance=0.2).start()
    runs = [until_alarm(signal, 0.056, 0.05, seed=seed, most=10_000) for seed in range(20)]
    assert np.mean(np.array(runs) < 10_000) <= 0.2


def test_money_counts_in_its_own_scale() -> None:
    small = Drift(scale=1.0).start().add(np.array([0.0, 1.0]), np.array([0.2, 0.2]))
    large = Drift(scale=50.0).start().add(np.array([0.0, 50.0]), np.array([10.0, 10.0]))
    np.testing.assert_allclose(small.sums, large.sums)


def test_an_alarm_begins_anew() -> None:
    signal = Drift(patience=100.0).start()
    after = signal.add(np.ones(50), np.full(50, 0.01))
    assert (after.reading.alarms, after.reading.since, after.reading.evidence) == (1, 0.0, 0.0)
    assert signal.reading.alarms == 0


def test_nothing_said_changes_nothing() -> None:
    signal = Drift().start()
    assert signal.add(np.zeros(0), np.zeros(0)) is signal


def test_surprises_beyond_all_bounds_stay_numbers() -> None:
    signal = Drift().start().add(np.full(10, 1e9), np.full(10, 1e-9))
    assert signal.alarms == 1
    assert np.isfinite(signal.add(np.zeros(10), np.full(10, 1e9)).sums).all()


@pytest.mark.parametrize("wrong", [{"patience": 1.0}, {"scale": 0.0}, {"tolerance": 1.0}])
def test_settings_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadInputError, match="drift: needs"):
        Drift(**wrong)
