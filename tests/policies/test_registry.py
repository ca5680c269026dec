import pytest

from equipoise.errors import BadInputError
from equipoise.policies import LinBoltzmann, LinGreedy, Uniform, named
from equipoise.policies.registry import POLICIES


def test_a_name_gives_the_default_configuration() -> None:
    assert named("lin_boltzmann") == LinBoltzmann()
    assert named("lin_greedy") == LinGreedy()
    assert named("uniform") == Uniform()


def test_a_users_own_class_is_imported() -> None:
    assert named("equipoise.policies.lin_greedy:LinGreedy") == LinGreedy()


def test_an_unknown_name_lists_the_known_ones() -> None:
    known = ", ".join(sorted(POLICIES))
    with pytest.raises(BadInputError, match=f"no 'lin_usb'; choose one of {known}, or module:Class"):
        named("lin_usb")


@pytest.mark.parametrize(
    "name", ["no_such_module:X", "equipoise.policies:Nothing", "pathlib:Path", "math:pi", ":X"]
)
def test_what_is_no_configuration_is_refused(name: str) -> None:
    with pytest.raises(BadInputError, match="is no policy configuration"):
        named(name)
