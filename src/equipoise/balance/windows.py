"""A window for each user or surface, in bounded memory and without forgetting what was spent."""

from array import array
from collections import OrderedDict
from collections.abc import Iterator
from zlib import crc32

from equipoise.balance.window import Window

_PLACES = 4
"""Places of the sketch for each window remembered."""


class Windows:
    """The windows of the `capacity` keys met last.

    The spending of a key that is forgotten stays in a sketch, an array of counts by hash: at its place
    stands the most that any key forgotten there had spent in its window. A key that comes back, or one
    that shares a place with it, begins as if it had just spent that. So no window is ever exceeded; the
    price is that a few strangers wait longer for their first exploration.
    """

    def __init__(self, share: float, length: int, *, capacity: int) -> None:
        self.share, self._length, self._capacity = share, length, capacity
        self._windows: OrderedDict[str, Window] = OrderedDict()
        self._sketch = array("I", bytes(4 * (_PLACES * capacity + 1)))
        self.forgotten = 0

    def __len__(self) -> int:
        return len(self._windows)

    def items(self) -> Iterator[tuple[str, Window]]:
        """Yield each key remembered with its window, the one idle longest first."""
        yield from self._windows.items()

    def peek(self, key: str) -> Window:
        """Return the window of `key`, without remembering one that is not there."""
        window = self._windows.get(key)
        return self._begun(key) if window is None else window

    def at(self, key: str) -> Window:
        """Return the window of `key`, the newest from now on; another may be forgotten for it."""
        window = self._windows.get(key)
        if window is None:
            window = self._windows[key] = self._begun(key)
            if len(self._windows) > self._capacity:
                self._forget(*self._windows.popitem(last=False))
        else:
            self._windows.move_to_end(key)
        return window

    def _begun(self, key: str) -> Window:
        return Window(self.share, self._length, spent=self._sketch[self._place(key)])

    def _forget(self, key: str, window: Window) -> None:
        self.forgotten += 1
        place, spent = self._place(key), min(window.spent + window.held, self._length)
        self._sketch[place] = max(self._sketch[place], spent)

    def _place(self, key: str) -> int:
        return crc32(key.encode()) % len(self._sketch)
