"""The controller: dear requests, full baskets and quiet surfaces explore less, by as much as is said."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chisquare

from equipoise.balance.controller import ENOUGH, FREELY, Care, Controller, Visit
from equipoise.balance.grant import Grant
from equipoise.balance.reason import Reason
from equipoise.balance.signals import Stage
from equipoise.errors import BadInputError
from equipoise.policies import Options, Uniform
from equipoise.policies.limited import Limited
from equipoise.random import derive

HOUR = 3_600.0


def visit(worth: float | None, basket: float = 0.0) -> Visit:
    return Visit(stage=Stage.BROWSING, worth=worth, basket=basket)


def used(*worths: float) -> Controller:
    controller = Controller()
    for worth in worths:
        controller.met(visit(worth), 0.0)
    return controller


def test_what_is_usual_explores_freely_and_so_does_the_first_request_of_all() -> None:
    assert Controller().care(visit(9.0), "home", 0.0) == FREELY
    assert used(2.0, 2.0).care(visit(2.0), "home", 0.0) == FREELY
    assert used(2.0, 2.0).care(visit(1.0), "home", 0.0) == FREELY
    assert used(2.0, 2.0).care(visit(None), "home", 0.0) == FREELY


def test_a_dear_request_explores_less_in_proportion() -> None:
    care = used(1.0, 3.0).care(visit(8.0), "home", 0.0)
    assert care.cause == Reason.HIGH_STAKES
    assert care.share == pytest.approx(0.25, abs=0.01)


def test_what_is_in_the_basket_is_at_stake_too() -> None:
    care = used(1.0).care(visit(1.0, basket=3.0), "home", 0.0)
    assert care == Care(share=0.25, cause=Reason.DECIDING)
    assert used(1.0).care(visit(None, basket=1.0), "home", 0.0).share == 0.5


def test_how_much_is_new_can_be_read() -> None:
    controller = Controller()
    for _ in range(10):
        controller.met(visit(None), 0.2)
    assert controller.reading(0.0).newness.usual == pytest.approx(0.2)


def test_a_quiet_surface_explores_less_and_a_busy_one_freely() -> None:
    controller = Controller()
    for minute in range(6 * 60):
        controller.served("home", 60.0 * minute)
        if minute % 60 == 0:
            controller.served("imprint", 60.0 * minute)
    quiet = controller.care(visit(1.0), "imprint", 6 * HOUR)
    assert quiet.cause == Reason.QUIET_SURFACE
    assert quiet.share == pytest.approx(720 / ENOUGH, rel=0.05)
    assert controller.care(visit(1.0), "home", 6 * HOUR) == FREELY
    assert controller.care(visit(1.0), "never seen", 6 * HOUR) == FREELY


def test_the_strongest_of_the_signals_decides() -> None:
    controller = used(1.0)
    for hour in range(5):
        controller.served("imprint", hour * HOUR)
    assert controller.care(visit(2.0), "imprint", 5 * HOUR).cause == Reason.QUIET_SURFACE
    assert controller.care(visit(1e6), "imprint", 5 * HOUR).cause == Reason.HIGH_STAKES


def test_worthless_stakes_divide_by_nothing() -> None:
    assert used(0.0, 0.0).care(visit(5.0, basket=1.0), "home", 0.0) == FREELY
    assert used(-1.0).care(visit(-2.0), "home", 0.0) == FREELY
    assert 0.0 < used(1.0).care(visit(-2.0, basket=4.0), "home", 0.0).share <= 0.25


OPTIONS = Options(
    items=np.arange(5)[None],
    scores=np.array([[0.1, 0.9, 0.3, 0.7, 0.5]]),
    features=np.zeros((1, 5, 0)),
    context=np.zeros((1, 0)),
)


def test_a_share_of_exploring_is_left_and_its_propensities_are_exact() -> None:
    free = Grant.everything(2)
    careful = replace(free, care=Care(share=0.25, cause=Reason.DECIDING))
    counts, stated, refusals = np.zeros(5), np.zeros(5), 0.0
    rng = derive(5, "care")
    for _ in range(4_000):
        slates, refused = careful.decide(Uniform().start(0), OPTIONS, 2, rng=rng)
        counts[slates.actions[0, 0]] += 1
        stated[slates.actions[0, 0]] = slates.propensities[0, 0]
        refusals += refused / 4_000
    assert stated.sum() == pytest.approx(1.0)
    assert stated[1] == pytest.approx(0.25 / 5 + 0.75)
    assert chisquare(counts, stated * 4_000).pvalue > 0.001
    # Of 4/5 and 3/4, which is how much chance alone would explore, three quarters were refused.
    assert refusals == pytest.approx(0.75 * (4 / 5 + 3 / 4), abs=0.01)
    assert (free.blame(0), careful.blame(0)) == (None, Reason.DECIDING)


def test_a_share_is_a_share() -> None:
    with pytest.raises(BadInputError, match="share"):
        Limited(policy=Uniform().start(0), limits=np.array([1]), allowed=np.ones(1, np.bool_), share=1.5)
