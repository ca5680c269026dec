"""Facts on their way from the thread that writes the log to a thread that uses them."""

from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue

from equipoise.events.facts import Fact

Numbered = tuple[int, Fact]


class Feed:
    """A queue of durable facts: `give` from the log's listener, `taken` by one consumer."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Sequence[Numbered]] = SimpleQueue()

    def give(self, facts: Sequence[Numbered]) -> None:
        """Hand over facts, in the order of the log."""
        self._waiting.put(facts)

    def taken(self) -> Iterator[Numbered]:
        """Yield what has been given since, in order."""
        while True:
            try:
                yield from self._waiting.get_nowait()
            except Empty:
                return

    def empty(self) -> bool:
        """Return whether nothing waits."""
        return self._waiting.empty()
