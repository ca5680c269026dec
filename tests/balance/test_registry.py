import pytest

from equipoise.balance import POLICIES, Balanced, named
from equipoise.errors import BadInputError
from equipoise.policies import EpsilonGreedy, registry


def test_the_default_is_there_beside_all_that_only_choose() -> None:
    assert set(POLICIES) - set(registry.POLICIES) == {"balanced", "balanced_open"}
    assert set(registry.POLICIES) <= set(POLICIES)


def test_names_stand_for_default_configurations() -> None:
    assert named("balanced") == Balanced()
    assert named("epsilon_greedy") == EpsilonGreedy()


def test_policies_alone_know_nothing_of_balance() -> None:
    with pytest.raises(BadInputError, match="policy: there is no 'balanced'"):
        registry.named("balanced")


def test_a_policy_of_ones_own_is_found_by_its_place() -> None:
    assert named("equipoise.balance.balanced:Balanced") == Balanced()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("greedier", "there is no 'greedier'; choose one of bagging, balanced, .*, or module:Class"),
        ("equipoise.balance.balanced:Missing", "is no policy configuration"),
        ("no.such.module:Thing", "is no policy configuration"),
        ("collections:OrderedDict", "is no policy configuration"),
    ],
)
def test_what_is_no_policy_is_refused_with_what_to_choose_from(name: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        named(name)
