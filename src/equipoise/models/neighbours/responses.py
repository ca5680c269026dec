"""Frequency responses of a graph filter: how much of each frequency of a history it lets through.

Frequencies are told by the eigenvalues of the item graph, from 1, what everybody shares, down to 0. A
response is a polynomial, applied by walking the graph, and corrected at the largest eigenvalues.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats


class Response(Protocol):
    """What a filter lets through."""

    corrects: ClassVar[bool]
    """Whether it is more than its polynomial at the largest eigenvalues."""

    def polynomial(self, last: float) -> tuple[float, ...]:
        """Return the coefficients of the powers 1, 2, … of an eigenvalue, right below `last`."""
        ...

    def at(self, eigenvalues: Floats) -> Floats:
        """Return how much is let through at the largest `eigenvalues` (rank,), largest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OneHop:
    """h(x) = x: who met what I met, and what else did they meet."""

    corrects: ClassVar[bool] = False

    def polynomial(self, last: float) -> tuple[float, ...]:
        """Return the one step."""
        return (1.0,)

    def at(self, eigenvalues: Floats) -> Floats:
        """Return the eigenvalues."""
        return eigenvalues


@dataclass(frozen=True, slots=True, kw_only=True)
class LowPass:
    """GF-CF (Shen et al., 2021, "How powerful is graph convolution for recommendation?").

    h(x) = x, and `weight` more at the largest eigenvalues.
    """

    corrects: ClassVar[bool] = True
    weight: float = 0.3

    def polynomial(self, last: float) -> tuple[float, ...]:
        """Return the one step."""
        return (1.0,)

    def at(self, eigenvalues: Floats) -> Floats:
        """Return the eigenvalues and the weight."""
        return eigenvalues + self.weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Polynomial:
    """Turbo-CF (Park et al., 2024): h(x) = a x + b x² + … with `coefficients` (a, b, …).

    (2, -1) is its second-order filter 1 - (1 - x)². Each power costs two sparse products a question.
    """

    corrects: ClassVar[bool] = False
    coefficients: tuple[float, ...] = (2.0, -1.0)

    def __post_init__(self) -> None:
        if not self.coefficients:
            raise BadInputError("coefficients", "there must be one at least")

    def polynomial(self, last: float) -> tuple[float, ...]:
        """Return the coefficients."""
        return tuple(self.coefficients)

    def at(self, eigenvalues: Floats) -> Floats:
        """Return the polynomial's own values: nothing to correct."""
        powers = np.arange(1, len(self.coefficients) + 1)
        return np.asarray(eigenvalues[:, None] ** powers @ np.array(self.coefficients))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ridge:
    """h(x) = x / (x + reg): what ridge regression of every item on all lets through (as in EASE).

    Taste shared by many then counts for less than in one hop. Exact at the largest eigenvalues, a straight
    line through 0 below them.
    """

    corrects: ClassVar[bool] = True
    reg: float = 0.1

    def __post_init__(self) -> None:
        if not self.reg > 0:
            raise BadInputError("reg", f"must be above 0, is {self.reg}")

    def polynomial(self, last: float) -> tuple[float, ...]:
        """Return the line from 0 to the response at `last`."""
        return (1.0 / (last + self.reg),)

    def at(self, eigenvalues: Floats) -> Floats:
        """Return the shrunken eigenvalues."""
        return np.asarray(eigenvalues / (eigenvalues + self.reg))


RESPONSES: dict[str, Response] = {
    "low_pass": LowPass(),
    "one_hop": OneHop(),
    "polynomial": Polynomial(),
    "ridge": Ridge(),
}
"""Each by its name, with its default settings."""


def response_of(chosen: str | Response) -> Response:
    """Return the response called `chosen`, or `chosen` itself where it is one already.

    Raises `BadInputError` where none has that name.
    """
    if not isinstance(chosen, str):
        return chosen
    if chosen not in RESPONSES:
        raise BadInputError("response", f"none is called {chosen!r}; choose from {', '.join(RESPONSES)}")
    return RESPONSES[chosen]
