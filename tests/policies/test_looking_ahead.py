"""Looking ahead moves what is shown as the best guess, by one weight, and leaves exploration exact."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from equipoise.balance import POLICIES, named
from equipoise.errors import BadInputError
from equipoise.policies import EpsilonGreedy, LinGreedy, Mmr, Options, SlotBySlot
from equipoise.policies.looking_ahead import LookingAhead
from equipoise.policies.on_scores import OnScores
from equipoise.random import derive
from equipoise.types import Floats

D = 3
GREEDY = LinGreedy().start(1, np.ones(1))


def offer(n: int = 4, m: int = 6) -> Options:
    rng = derive(1, "options")
    return Options(
        items=np.stack([rng.permutation(40)[:m] for _ in range(n)]),
        scores=rng.normal(size=(n, m)),
        features=rng.normal(size=(n, m, D)),
        context=np.zeros((n, 0)),
    )


def worth(*worths: float) -> Options:
    m = len(worths)
    return Options(
        items=np.arange(m)[None, :],
        scores=np.zeros((1, m)),
        features=np.array(worths)[None, :, None],
        context=np.zeros((1, 0)),
    )


def ahead(policy: SlotBySlot, weight: float, *values: float) -> LookingAhead:
    return LookingAhead(policy=policy, values=np.array([values]), weight=weight)


def chances(policy: SlotBySlot, options: Options) -> Floats:
    m = options.items.shape[1]
    return np.array([policy.propensities(options, np.array([[place]]))[0, 0] for place in range(m)])


@pytest.mark.parametrize(("weight", "best"), [(0.0, 0), (0.2, 0), (0.8, 2), (1.0, 2)])
def test_the_weight_decides_whose_best_is_shown(weight: float, best: int) -> None:
    shown = ahead(GREEDY, weight, 100.0, 200.0, 300.0)
    assert chances(shown, worth(0.3, 0.1, 0.0)).argmax() == best


def test_units_of_the_values_do_not_matter() -> None:
    options = worth(0.3, 0.1, 0.25)
    one = ahead(GREEDY, 0.4, 1.0, 2.0, 4.0).weighing(options)[0]
    np.testing.assert_allclose(one, ahead(GREEDY, 0.4, 7.0, 1007.0, 3007.0).weighing(options)[0])


def test_exploration_keeps_its_share() -> None:
    options = replace(worth(3.0, 2.0, 1.0), scores=np.array([[3.0, 2.0, 1.0]]))
    policy = OnScores(EpsilonGreedy(epsilon=0.3).exploring(np.array([[3]]), 0.0, 1.0))
    np.testing.assert_allclose(chances(ahead(policy, 1.0, 0.0, 0.0, 9.0), options), [0.0, 0.1, 0.9])


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_chances_of_whole_slates_add_up_to_one_for_every_policy(name: str) -> None:
    options = offer(n=1, m=4)
    policy = named(name).start(D, np.full(D, 0.1))
    assert isinstance(policy, SlotBySlot), "every policy that can be named looks ahead"
    shown = ahead(policy, 0.5, 3.0, 1.0, 2.0, 0.0)
    slates = [np.array([slate]) for slate in permutations(range(4), 2)]
    total = sum(float(np.prod(shown.propensities(options, slate))) for slate in slates)
    assert total == pytest.approx(1.0)
    drawn = shown.decide(options, 2, rng=derive(1, name))
    np.testing.assert_allclose(drawn.propensities, shown.propensities(options, drawn.actions))


@pytest.mark.parametrize("name", sorted(POLICIES))
def test_at_no_weight_every_policy_is_as_it_was(name: str) -> None:
    options = offer()
    policy = named(name).start(D, np.full(D, 0.1))
    assert isinstance(policy, SlotBySlot), "every policy that can be named looks ahead"
    shown = LookingAhead(policy=policy, values=derive(2, "values").normal(size=(4, 6)), weight=0.0)
    actions = policy.decide(options, 3, rng=derive(1, name)).actions
    np.testing.assert_allclose(shown.propensities(options, actions), policy.propensities(options, actions))


def test_a_policy_that_revises_worths_goes_on_doing_so() -> None:
    policy = Mmr(policy=LinGreedy(), relevance=0.3).start(2, np.array([0.0, 1.0]))
    same, other = [1.0, 0.30], [-1.0, 0.29]
    options = Options(
        items=np.arange(3)[None, :],
        scores=np.zeros((1, 3)),
        features=np.array([[same, same, other]]),
        context=np.zeros((1, 0)),
    )
    shown = LookingAhead(policy=policy, values=np.array([[1.0, 0.9, 0.0]]), weight=0.1)
    assert shown.decide(options, 2, rng=derive(1, "x")).actions[0, 1] == 2


def test_bad_weights_and_shapes_are_refused() -> None:
    with pytest.raises(BadInputError, match="long_term"):
        ahead(GREEDY, 1.5, 1.0)
    with pytest.raises(BadInputError, match="values"):
        ahead(GREEDY, 0.5, 1.0, 2.0).weighing(worth(1.0, 2.0, 3.0))
