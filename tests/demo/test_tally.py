import numpy as np
import pytest

from equipoise.demo.tally import Mean, Variant, summary


def test_a_mean_agrees_with_numpy() -> None:
    numbers = np.random.default_rng(3).gamma(0.5, size=500)
    mean = Mean()
    for number in numbers:
        mean.add(float(number))
    half = 1.959964 * numbers.std(ddof=1) / np.sqrt(len(numbers))
    told = mean.interval()
    assert told["mean"] == pytest.approx(numbers.mean())
    assert told["high"] - told["mean"] == pytest.approx(half)
    assert told["mean"] - told["low"] == pytest.approx(half)


def test_one_slate_says_little() -> None:
    mean = Mean()
    mean.add(0.5)
    assert mean.interval() == {"mean": 0.5, "low": 0.0, "high": 1.0}


def test_the_change_parts_the_rewards() -> None:
    variant = Variant()
    variant.add(1.0, 10.0, 4, 1, changed=False)
    variant.add(3.0, 0.0, 4, 3, changed=True)
    told = summary({"policy": variant}, Mean())
    assert told["before_change"]["policy"]["mean"] == 1.0
    assert told["after_change"]["policy"]["mean"] == 3.0
    assert told["reward_per_slate"]["policy"]["mean"] == 2.0
    assert told["revenue_per_1000_slates"]["policy"] == 5000.0
    assert told["explored_share"]["policy"] == 0.5


def test_a_run_without_visits_is_told_as_json_can() -> None:
    told = summary({"policy": Variant()}, Mean())
    assert told["reward_per_slate"]["policy"] == {"mean": 0.0, "low": 0.0, "high": 0.0}
    assert told["after_change"] == {}
