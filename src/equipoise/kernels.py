"""Loops compiled to machine code: the hot paths that arrays alone cannot make fast."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Return `function` compiled by Numba at its first call; the machine code is kept on disk beside it.

    It holds no lock of the interpreter while it runs, and divides as NumPy does.
    """
    compiled: Callable[P, R] = njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled
