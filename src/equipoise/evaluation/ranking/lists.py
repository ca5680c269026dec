"""What every metric is computed from: the recommended lists, and which places in them are hits."""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.split import HeldOut
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """n lists of up to `k` items, best first, and what their users met before and after.

    `items` (n, width) codes, -1 where there are fewer; `hits` (n, width) whether an item is a target;
    `money` (n, width) what the user spent on it, 0 where it is none; `targets` (n,) the number of targets,
    all of them, at least 1; `histories` n.
    """

    items: Ints
    hits: Bools
    money: Floats
    targets: Ints
    histories: Histories
    n_items: int
    k: int

    @classmethod
    def of(cls, items: Ints, held_out: HeldOut, n_items: int) -> "Lists":
        """Look up the recommended `items` (n, k) among the targets."""
        places, hits = _places(items, held_out, n_items)
        return cls(
            items=items,
            hits=hits,
            money=np.where(hits, held_out.values[places], 0.0),
            targets=held_out.targets.lengths(),
            histories=held_out.histories,
            n_items=n_items,
            k=items.shape[1],
        )

    def cut(self, k: int) -> "Lists":
        """Return the lists down to place `k`."""
        top = (slice(None), slice(k))
        return replace(self, items=self.items[top], hits=self.hits[top], money=self.money[top], k=k)

    def filled(self) -> Bools:
        """Return which places hold an item, (n, width)."""
        return np.asarray(self.items >= 0)

    def shown(self) -> Ints:
        """Return the number of items of each list, (n,)."""
        return np.asarray(self.filled().sum(axis=1))

    def mean(self, values: Floats) -> Floats:
        """Return the mean over each list of `values` (n_items,), 0 for an empty list, (n,)."""
        found = np.where(self.filled(), values[np.maximum(self.items, 0)], 0.0)
        return np.asarray(found.sum(axis=1) / np.maximum(self.shown(), 1))


def _places(items: Ints, held_out: HeldOut, n_items: int) -> tuple[Ints, Bools]:
    """Return where each item is among the targets of all, and whether it is there at all."""
    targets = held_out.targets
    span = max(n_items, int(targets.items.max(initial=0)) + 1)
    keys = targets.rows() * span + targets.items
    order = np.argsort(keys)
    asked = np.where(items >= 0, np.arange(len(items))[:, None] * span + items, -1)
    nearest = order[np.minimum(np.searchsorted(keys, asked, sorter=order), len(keys) - 1)]
    return nearest, keys[nearest] == asked
