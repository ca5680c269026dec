"""The last so many impressions, and how many of them were explored: a ring of bits in one integer."""


class Window:
    """Holds the share of explored ones among the last `length` impressions at or below `share`.

    The law that it keeps, at every impression n = 1, 2, …: of the last min(n, length) impressions at most
    floor(share * min(n, length)) were explored. So the first window is as strict as any other.

    Slates that are decided but not yet final are `hold`-ed: what they explore counts as if it were the
    newest, and the impressions they bring do not count yet. Whatever the order in which they become
    final, and whether or not they do, the law then holds: of the explored positions in a window, look at
    the one decided last. All others in the window were counted when it was granted, and the window that
    ends there is no shorter, and reaches no further back, than the one it was granted in.

    A slate is granted as a whole, so a window may stay below its share by as much as a slate is of it.
    """

    __slots__ = ("_bits", "_free", "_held", "_mask", "length", "seen", "share", "spent")

    def __init__(self, share: float, length: int, *, spent: int = 0) -> None:
        """Begin with the newest `spent` impressions explored, and nothing before them known."""
        self.share, self.length = share, length
        self.spent, self.seen = spent, 0
        self._mask = (1 << length) - 1
        self._bits, self._held = (1 << spent) - 1, 0
        self._free = self._allowance()

    def left(self, k: int) -> int:
        """Return how many of the next `k` impressions, the very next included, may be explored."""
        if self.share >= 1.0:
            return k
        left = self._free - self._held
        return k if left > k else left if left > 0 else 0

    def hold(self, explored: int) -> None:
        """Count `explored` positions of a slate that is not final yet."""
        self._held += explored

    def release(self, explored: int) -> None:
        """Undo `hold`."""
        self._held = max(0, self._held - explored)

    def book(self, flags: int, count: int) -> None:
        """Count `count` impressions, oldest first from the highest of the bits `flags`, 1 for explored."""
        leaving = self._bits >> (self.length - count if count < self.length else 0)
        self._bits = (self._bits << count | flags) & self._mask
        self.spent += (flags & self._mask).bit_count() - leaving.bit_count()
        self.seen += count
        self._free = self._allowance()

    @property
    def impressions(self) -> int:
        """How many impressions the window holds now."""
        return min(self.seen, self.length)

    @property
    def held(self) -> int:
        """How many explored positions are not final yet."""
        return self._held

    def _allowance(self) -> int:
        """Return what the window that ends at the next impression may hold, less what it already does."""
        size = self.seen + 1 if self.seen < self.length else self.length
        return int(self.share * size) - self.spent + (self._bits >> (self.length - 1))
