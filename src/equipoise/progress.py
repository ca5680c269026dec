"""Progress of long work: libraries report it, whoever watches decides how it looks.

with watched_by(reporter):
    learner.fit(data, rng=rng)      # inside: for epoch in track(range(20), "sasrec")
"""

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")
Reporter = Callable[[str, int, int, str], None]
"""Called with (what, done, total, note); `total` is 0 where it is unknown."""


def _silent(what: str, done: int, total: int, note: str) -> None:
    """Report to nobody."""


_reporter: ContextVar[Reporter] = ContextVar("reporter", default=_silent)


@contextmanager
def watched_by(reporter: Reporter) -> Iterator[None]:
    """Send the progress of everything inside to `reporter`."""
    token = _reporter.set(reporter)
    try:
        yield
    finally:
        _reporter.reset(token)


def report(what: str, done: int, total: int = 0, note: str = "") -> None:
    """Say that `done` of `total` steps of `what` are done; `note` is free text (a loss, a speed)."""
    _reporter.get()(what, done, total, note)


def track(steps: Iterable[T], what: str) -> Iterator[T]:
    """Yield `steps`, reporting each one."""
    total = len(steps) if isinstance(steps, Sized) else 0
    report(what, 0, total)
    for done, step in enumerate(steps, start=1):
        yield step
        report(what, done, total)
