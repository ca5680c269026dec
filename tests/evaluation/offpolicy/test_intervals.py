import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.estimate import Interval, Terms, ratio
from equipoise.evaluation.offpolicy.intervals import (
    AsymptoticSequence,
    Betting,
    Bootstrap,
    EmpiricalBernstein,
    Normal,
)

ALL: list[Interval] = [
    Normal(),
    Bootstrap(),
    Bootstrap(kind="studentised"),
    EmpiricalBernstein(),
    Betting(),
    AsymptoticSequence(),
]
NAMES = ["normal", "percentile", "studentised", "bernstein", "betting", "asymptotic"]


def skewed(n: int, seed: int) -> Terms:
    return Terms(values=np.random.default_rng(seed).beta(0.5, 2.0, n), floor=0.0, ceiling=1.0)


@pytest.mark.parametrize("interval", ALL, ids=NAMES)
def test_covers_at_least_as_often_as_it_says(interval: Interval) -> None:
    hits = sum(low <= 0.2 <= high for low, high in (interval.around(skewed(200, s), 0.9) for s in range(300)))
    assert hits / 300 > 0.9 - 3 * (0.09 / 300) ** 0.5


@pytest.mark.parametrize("interval", ALL, ids=NAMES)
def test_narrows_with_rounds_and_widens_with_confidence(interval: Interval) -> None:
    def width(n: int, confidence: float) -> float:
        low, high = interval.around(skewed(n, 1), confidence)
        return high - low

    assert width(20_000, 0.95) < width(500, 0.95)
    assert width(2_000, 0.8) < width(2_000, 0.99)


@pytest.mark.parametrize("interval", ALL, ids=NAMES)
def test_moves_and_stretches_with_the_terms(interval: Interval) -> None:
    terms = skewed(3_000, 4)
    low, high = interval.around(terms, 0.95)
    moved = Terms(values=5.0 * terms.values - 2.0, floor=-2.0, ceiling=3.0)
    assert interval.around(moved, 0.95) == pytest.approx((5.0 * low - 2.0, 5.0 * high - 2.0), abs=1e-6)


def test_the_bootstrap_agrees_with_the_normal_for_many_light_terms() -> None:
    terms = skewed(200_000, 2)  # resampled in blocks
    np.testing.assert_allclose(
        Bootstrap(samples=2_000).around(terms, 0.95), Normal().around(terms, 0.95), rtol=1e-3
    )


def test_the_bootstrap_is_the_same_again_and_another_by_another_seed() -> None:
    terms = skewed(1_000, 2)
    assert Bootstrap().around(terms, 0.95) == Bootstrap().around(terms, 0.95)
    assert Bootstrap().around(terms, 0.95) != Bootstrap(seed=1).around(terms, 0.95)


def test_the_studentised_one_heeds_skew() -> None:
    terms = Terms(values=np.random.default_rng(0).lognormal(0.0, 1.5, 300))
    low, high = Bootstrap(samples=2_000, kind="studentised").around(terms, 0.95)
    assert high - terms.mean() > 1.2 * (terms.mean() - low)


def test_bernstein_by_hand() -> None:
    terms = Terms(values=np.array([0.0, 1.0] * 5_000), floor=0.0, ceiling=1.0)
    odds = np.log(4 / 0.05)
    half = np.sqrt(2 * terms.values.var(ddof=1) * odds / 10_000) + 7 * odds / (3 * 9_999)
    assert EmpiricalBernstein().around(terms, 0.95) == pytest.approx((0.5 - half, 0.5 + half))


def test_one_may_look_at_any_time() -> None:
    """The share of runs in which the truth was ever outside stays within what is left to chance."""
    outside = 0
    sequence = AsymptoticSequence(tight_at=500)
    for seed in range(200):
        values = np.random.default_rng(seed).random(1_000)
        looks = (sequence.around(Terms(values=values[:n]), 0.9) for n in range(100, 1_001, 20))
        outside += any(not low <= 0.5 <= high for low, high in looks)
    assert outside / 200 <= 0.1


def test_betting_may_look_at_any_time() -> None:
    outside = 0
    for seed in range(100):
        values = skewed(400, seed).values
        looks = (
            Betting().around(Terms(values=values[:n], floor=0.0, ceiling=1.0), 0.9)
            for n in range(10, 401, 30)
        )
        outside += any(not low <= 0.2 <= high for low, high in looks)
    assert outside / 100 <= 0.1


@pytest.mark.parametrize("interval", [EmpiricalBernstein(), Betting()])
def test_what_has_no_bound_is_refused(interval: Interval) -> None:
    with pytest.raises(BadInputError, match="bootstrap or asymptotic"):
        interval.around(Terms(values=np.arange(9.0)), 0.95)


def test_terms_of_a_ratio_have_its_mean_and_its_error() -> None:
    rng = np.random.default_rng(0)
    weights, rewards = rng.lognormal(size=2_000), rng.random(2_000)
    terms = Terms(values=ratio(weights * rewards, weights))
    assert terms.mean() == pytest.approx(float((weights * rewards).sum() / weights.sum()))
    again = [
        float(np.average(rewards[rows], weights=weights[rows]))
        for rows in rng.integers(2_000, size=(500, 2_000))
    ]
    assert terms.error() == pytest.approx(np.std(again), rel=0.1)


def test_nothing_over_nothing_is_nothing() -> None:
    assert not ratio(np.zeros(3), np.zeros(3)).any()


@pytest.mark.parametrize("wrong", [{"samples": 2}, {"blocks": 2}, {"kind": "basic"}])
def test_settings_out_of_range(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInputError):
        Bootstrap(**wrong)  # type: ignore[arg-type]


def test_stakes_must_not_be_everything() -> None:
    with pytest.raises(BadInputError, match="most"):
        Betting(most=1.0)
    with pytest.raises(BadInputError, match="tight_at"):
        AsymptoticSequence(tight_at=0)
