"""The cheap signals, on requests whose truth is known."""

import numpy as np
import pytest

from equipoise.balance.signals import Newness, Stage, Stake, Traffic, stage_of
from equipoise.errors import BadInputError
from equipoise.random import derive


def test_newness_follows_what_came_of_late() -> None:
    signal = Newness(half_life=100.0)
    assert signal.reading.usual == 0.0
    for share in [0.1] * 50 + [0.5] * 50:
        signal = signal.add(derive(1, int(share * 10)).binomial(10, share, 20) / 10)
    assert signal.reading.usual == pytest.approx(0.5, abs=0.1)


def test_what_is_at_stake_is_the_best_slate() -> None:
    signal = Stake(k=2, half_life=1_000.0)
    worths = np.array([[3.0, 1.0, 2.0], [-np.inf, 4.0, -1.0]])
    assert signal.relative(worths).tolist() == [1.0, 1.0]
    signal = signal.add(worths)
    assert signal.reading.usual == pytest.approx(4.5)
    assert signal.relative(worths).tolist() == pytest.approx([5.0 / 4.5, 4.0 / 4.5])
    assert signal.relative(np.array([[9.0]])).tolist() == pytest.approx([2.0])


def test_a_session_moves_through_its_stages() -> None:
    assert stage_of(events=0, in_cart=0, surface="home") == Stage.ARRIVING
    assert stage_of(events=3, in_cart=0, surface="home") == Stage.BROWSING
    assert stage_of(events=3, in_cart=1, surface="home") == Stage.DECIDING
    assert stage_of(events=3, in_cart=1, surface="checkout") == Stage.PAYING


@pytest.mark.parametrize("rate", [0.2, 5.0])
def test_traffic_is_the_rate_of_requests(rate: float) -> None:
    signal, now, rng = Traffic(half_life=200.0), 0.0, derive(2, "arrivals")
    while now < 2_000.0:
        now += rng.exponential(1.0 / rate)
        signal.add("home", now)
    assert signal.rate("home", now) == pytest.approx(rate, rel=0.25)
    assert signal.rate("home", now + 200.0) == pytest.approx(signal.rate("home", now) / 2, rel=0.05)
    assert signal.rate("mail", now) == 0.0


def test_a_young_surface_has_its_rate_at_once() -> None:
    signal = Traffic(half_life=600.0)
    for second in range(30):
        signal.add("home", float(second))
    assert signal.rate("home", 30.0) == pytest.approx(1.0, abs=0.1)


def test_traffic_remembers_so_many_surfaces() -> None:
    signal = Traffic()
    for number in range(1_200):
        signal.add(f"s{number}", 0.0)
    assert len(signal.reading(0.0).rates) == 1_000


@pytest.mark.parametrize(
    "make", [lambda: Newness(half_life=0.0), lambda: Stake(k=0), lambda: Traffic(half_life=-1.0)]
)
def test_settings_that_cannot_be_are_refused(make: object) -> None:
    with pytest.raises(BadInputError):
        make()  # type: ignore[operator]
