"""The thread that learns: it drains what became durable, round after round."""

import threading
import time
from collections.abc import Callable, Sequence

from equipoise.serving.feed import Feed, Numbered


class Rounds:
    """Calls `work` with the facts that came since, every `interval` seconds, on a thread of its own.

    `work` must not raise.
    """

    def __init__(self, work: Callable[[Sequence[Numbered]], None], interval: float) -> None:
        self._work, self._interval = work, interval
        self._feed = Feed()
        self._oldest: float | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="learner", daemon=True)

    def take(self, facts: Sequence[Numbered]) -> None:
        """Hand over facts that are durable; from any thread, in the order of the log."""
        if self._oldest is None:
            self._oldest = time.monotonic()
        self._feed.give(facts)

    def lag(self) -> float:
        """Return for how many seconds the oldest fact has waited, 0 where none waits."""
        oldest = self._oldest
        return 0.0 if oldest is None else time.monotonic() - oldest

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Do a last round with all that came, and end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self.round()

    def round(self) -> None:
        """Work on what waits."""
        self._work(list(self._feed.taken()))
        self._oldest = None if self._feed.empty() else time.monotonic()

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            self.round()
