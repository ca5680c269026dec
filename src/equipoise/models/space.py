"""Where the best value of a hyperparameter is looked for: written once, beside its default.

    reg: float = tunable(300.0, Between(1.0, 10_000.0, log=True))

`equipoise tune` searches over what is declared so; a hyperparameter without a range keeps its value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
_KEY = "space"


class Trial(Protocol):
    """What proposes values: a trial of Optuna."""

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float: ...  # noqa: D102
    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int: ...  # noqa: D102
    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any: ...  # noqa: D102


class Space(Protocol):
    """The values that one hyperparameter may take."""

    def __contains__(self, value: object) -> bool: ...

    def draw(self, trial: Trial, name: str) -> Any:
        """Return the value that `trial` proposes for the hyperparameter `name`."""
        ...


@dataclass(frozen=True, slots=True)
class Between:
    """Any number from `low` to `high`; `log` gives each factor of two the same chance."""

    low: float
    high: float
    log: bool = False

    def __post_init__(self) -> None:
        _check(self.low, self.high, self.log)

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int | float) and self.low <= value <= self.high

    def draw(self, trial: Trial, name: str) -> float:
        """Return the number that `trial` proposes."""
        return trial.suggest_float(name, self.low, self.high, log=self.log)


@dataclass(frozen=True, slots=True)
class Whole:
    """Any whole number from `low` to `high`; `log` gives each factor of two the same chance."""

    low: int
    high: int
    log: bool = False

    def __post_init__(self) -> None:
        _check(self.low, self.high, self.log)

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and self.low <= value <= self.high

    def draw(self, trial: Trial, name: str) -> int:
        """Return the whole number that `trial` proposes."""
        return trial.suggest_int(name, self.low, self.high, log=self.log)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few `choices`: words, numbers, True, False or None."""

    choices: tuple[str | int | float | bool | None, ...]

    def __contains__(self, value: object) -> bool:
        return value in self.choices

    def draw(self, trial: Trial, name: str) -> Any:
        """Return the choice that `trial` proposes."""
        return trial.suggest_categorical(name, self.choices)


def tunable(default: T, space: Space) -> T:
    """Return a dataclass field with its `default` and the `space` in which better values are looked for.

    Raises `ValueError` where the default does not lie in the space.
    """
    if default not in space:
        raise ValueError(f"the default {default!r} is not in {space}")
    declared: T = field(default=default, metadata={_KEY: space})
    return declared


def spaces(learner: object) -> Mapping[str, Space]:
    """Return the spaces that the class of `learner` declares, by the name of the hyperparameter."""
    told = fields(learner) if is_dataclass(learner) else ()
    return {each.name: each.metadata[_KEY] for each in told if _KEY in each.metadata}


def _check(low: float, high: float, log: bool) -> None:
    if not low < high or (log and low <= 0):
        raise ValueError(f"{low} to {high}: low must be below high, and above 0 where log is set")
