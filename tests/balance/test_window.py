"""One window: the law at every impression, whatever the order in which slates become final."""

from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.balance.positions import Positions
from equipoise.balance.window import Window

from .law import lawful

SLATES = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 2**14 - 1), st.integers(0, 3)), max_size=60)


def trimmed(wanted: int, k: int, left: int) -> int:
    """Return at most `left` of the k lowest bits of `wanted`."""
    flags = 0
    for place in range(k - 1, -1, -1):
        if wanted >> place & 1 and left > 0:
            flags, left = flags | 1 << place, left - 1
    return flags


def bits(flags: int, k: int) -> list[bool]:
    return [bool(flags >> place & 1) for place in range(k - 1, -1, -1)]


@settings(max_examples=300, deadline=None)
@given(share=st.floats(0, 1), length=st.integers(1, 40), slates=SLATES)
def test_no_window_is_exceeded_at_any_impression(
    share: float, length: int, slates: list[tuple[int, int, int]]
) -> None:
    """Slates wait up to three others before they are final; one in four never is."""
    window, waiting, shown = Window(share, length), deque[tuple[int, int]](), list[bool]()
    for number, (k, wanted, delay) in enumerate(slates):
        flags = trimmed(wanted, k, window.left(k))
        window.hold(flags.bit_count())
        waiting.append((flags, k))
        while len(waiting) > delay:
            flags, k = waiting.popleft() if number % 2 else waiting.pop()
            window.release(flags.bit_count())
            if (number + k) % 4:
                window.book(flags, k)
                shown += bits(flags, k)
    assert lawful(shown, share, length)
    assert window.spent == sum(shown[-length:])


def test_the_whole_share_is_used_but_for_a_slate() -> None:
    window, shown = Window(0.3, 100), list[bool]()
    for _ in range(500):
        left = window.left(6)
        flags = trimmed(0b111111, 6, left)
        window.book(flags, 6)
        shown += bits(flags, 6)
    assert 0.3 * (1 - 6 / 100) <= np.mean(shown[300:]) <= 0.3


def test_a_share_of_one_is_no_limit_and_of_nothing_a_ban() -> None:
    free, banned = Window(1.0, 10), Window(0.0, 10)
    for _ in range(5):
        free.book(0b1111, 4)
        assert (free.left(4), banned.left(4)) == (4, 0)


def test_a_slate_longer_than_the_window() -> None:
    window = Window(0.5, 4)
    window.book(0b1111110001, 10)
    assert (window.spent, window.impressions) == (1, 4)
    assert window.left(10) == 1


def test_what_was_spent_before_is_as_if_just_now() -> None:
    window = Window(0.5, 8, spent=3)
    assert window.left(2) == 0
    for _ in range(4):
        window.book(0, 2)
    assert window.spent == 0
    assert window.left(9) == 4


@settings(max_examples=100, deadline=None)
@given(share=st.floats(0, 1), length=st.integers(1, 12), slates=SLATES)
def test_positions_keep_the_law_of_windows(
    share: float, length: int, slates: list[tuple[int, int, int]]
) -> None:
    positions, windows = Positions(share, length), [Window(share, length) for _ in range(14)]
    shown: list[list[bool]] = [[] for _ in range(14)]
    for k, wanted, delay in slates:
        allowed = positions.allowed(k)
        assert allowed.tolist() == [window.left(1) == 1 for window in windows[:k]]
        explored = allowed & np.array(bits(wanted & (1 << k) - 1, k), np.bool_)
        positions.hold(explored)
        assert (positions.held[:k] == explored).all()
        positions.release(explored)
        if delay:
            positions.book(explored)
            for place, each in enumerate(explored.tolist()):
                windows[place].book(int(each), 1)
                shown[place].append(each)
    assert all(lawful(column, share, length) for column in shown)


def test_positions_that_are_not_told_apart_are_not_explored() -> None:
    assert not Positions(0.5, 10).allowed(105)[99:].any()
    assert Positions(1.0, 10).allowed(105).all()


@pytest.mark.parametrize("k", [0, 1])
def test_empty_slates_change_nothing(k: int) -> None:
    window = Window(0.5, 4)
    window.book(0, 0)
    assert (window.seen, window.left(k)) == (0, 0)
