from dataclasses import dataclass
from typing import Any

import pytest

from equipoise.models.registry import named, names
from equipoise.models.space import Between, OneOf, Whole, spaces, tunable


@dataclass(frozen=True, slots=True, kw_only=True)
class Toy:
    reg: float = tunable(1.0, Between(0.5, 2.0, log=True))
    n_neighbors: int = tunable(3, Whole(1, 9))
    kind: str = tunable("flat", OneOf(("flat", "steep")))
    fixed: int = 4


class Last:
    """A trial that always proposes the last value."""

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        return high

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int:
        return high

    def suggest_categorical(self, name: str, choices: Any) -> Any:
        return choices[-1]


def test_a_declared_space_leaves_the_default_what_it_is() -> None:
    assert Toy() == Toy(reg=1.0, n_neighbors=3, kind="flat", fixed=4)


def test_each_declared_hyperparameter_can_be_drawn() -> None:
    found = spaces(Toy())
    assert list(found) == ["reg", "n_neighbors", "kind"]
    drawn = {name: space.draw(Last(), name) for name, space in found.items()}
    assert Toy(**drawn) == Toy(reg=2.0, n_neighbors=9, kind="steep")


def test_a_default_outside_its_space_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValueError, match=r"the default 5 is not in Whole\(low=1, high=3"):
        tunable(5, Whole(1, 3))


@pytest.mark.parametrize(("low", "high", "log"), [(2, 1, False), (1, 1, False), (0, 1, True)])
def test_an_empty_range_is_refused(low: int, high: int, log: bool) -> None:
    for kind in (Between, Whole):
        with pytest.raises(ValueError, match="low must be below high"):
            kind(low, high, log)


def test_what_declares_nothing_has_no_spaces() -> None:
    assert spaces(object()) == {}


@pytest.mark.parametrize("name", names())
def test_every_value_of_our_learners_can_be_had(name: str) -> None:
    learner = named(name)
    drawn = {each: space.draw(Last(), each) for each, space in spaces(learner).items()}
    assert type(learner)(**drawn) is not None
