"""A grant holds any policy, and says who is to blame."""

from dataclasses import dataclass

import numpy as np

from equipoise.balance.grant import Grant
from equipoise.balance.reason import Reason
from equipoise.policies import Options, Slates, Uniform
from equipoise.random import derive
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True)
class Own:
    """A policy of a user's own that does not say how it weighs."""

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        return Uniform().start(0).decide(options, k, rng=rng)

    def propensities(self, options: Options, actions: Ints) -> Floats:
        return Uniform().start(0).propensities(options, actions)


OPTIONS = Options(
    items=np.arange(6)[None],
    scores=np.array([[0.1, 0.9, 0.3, 0.7, 0.5, 0.2]]),
    features=np.zeros((1, 6, 0)),
    context=np.zeros((1, 0)),
)


def test_a_free_grant_changes_nothing() -> None:
    slates, refused = Grant.everything(3).decide(Own(), OPTIONS, 3, rng=derive(1))
    alone = Own().decide(OPTIONS, 3, rng=derive(1))
    np.testing.assert_array_equal(slates.actions, alone.actions)
    assert refused == 0.0


def test_nothing_granted_is_the_best_guess() -> None:
    slates, refused = Grant.nothing(3, Reason.CHECKOUT).decide(Uniform().start(0), OPTIONS, 3, rng=derive(1))
    assert slates.actions.tolist() == [[1, 3, 4]]
    assert (slates.propensities == 1.0).all()
    assert refused > 2.0


def test_a_policy_that_cannot_be_held_to_a_number_gives_way_to_the_scores() -> None:
    grant = Grant(positions=1, allowed=np.ones(3, np.bool_), cause=Reason.BUDGET_SPENT)
    slates, refused = grant.decide(Own(), OPTIONS, 3, rng=derive(1))
    assert slates.actions.tolist() == [[1, 3, 4]]
    assert refused > 0.0


def test_the_number_is_to_blame_once_it_is_reached_and_the_places_before() -> None:
    allowed = np.array([True, False, True])
    both = Grant(positions=1, allowed=allowed, cause=Reason.BUDGET_SPENT, where=Reason.PROTECTED)
    assert both.blame(0) == Reason.PROTECTED
    assert both.blame(1) == Reason.BUDGET_SPENT
    assert Grant.everything(3).blame(3) is None
    assert Grant.nothing(3, Reason.KILL_SWITCH).blame(0) == Reason.KILL_SWITCH
