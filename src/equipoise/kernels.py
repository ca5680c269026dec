"""Loops compiled to machine code: the hot paths that arrays alone cannot make fast.

A kernel calls kernels of its own file only. Machine code is kept until the file of the kernel changes, and
would go on with an older version of what it calls in another.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")

_ANY_ORDER = {"reassoc", "contract", "nsz"}


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Return `function` compiled by Numba at its first call; the machine code is kept on disk beside it.

    It holds no lock of the interpreter while it runs, and divides as NumPy does.
    """
    compiled: Callable[P, R] = njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled


def summing_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Return `function` compiled as by `kernel`, with leave to add the terms of a sum in any order.

    Sums then run on several lanes at once, and differ in the last bits from one kind of processor to
    another. NaN and infinities stay what they are.
    """
    compiled: Callable[P, R] = njit(cache=True, nogil=True, error_model="numpy", fastmath=_ANY_ORDER)(
        function
    )
    return compiled
