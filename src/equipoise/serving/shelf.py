"""The live catalogue: every item the shop told of, as facts by id and as arrays by code."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from equipoise.data.catalogue import Catalogue
from equipoise.data.content import TextEncoder, text_of
from equipoise.events.facts import Item
from equipoise.types import Ints


class Shelf:
    """The items by code, in the order in which the log first saw them.

    `catalogue` is immutable and replaced when items change, so that a request keeps the one it began
    with; codes are never reused.
    """

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self._items: list[Item] = []
        self._codes: dict[str, int] = {}
        self.ids: list[str] = []
        self.catalogue = _rows([], encoder)

    def __len__(self) -> int:
        return len(self._items)

    def slice(self, start: int, stop: int) -> list[Item]:
        """Return the items with codes from `start` up to `stop`."""
        return self._items[start:stop]

    def code(self, item_id: str | None) -> int:
        """Return the code of `item_id`, -1 where there is none."""
        return -1 if item_id is None else self._codes.get(item_id, -1)

    def find(self, item_id: str) -> Item | None:
        """Return the item as last told, None where it never was."""
        code = self.code(item_id)
        return None if code < 0 else self._items[code]

    def put(self, items: Sequence[Item]) -> None:
        """Take newer versions and new items, in order; the last version of an item counts."""
        if not items:
            return
        latest = {item.item_id: item for item in items}
        for item in items:
            self._place(item)
        fresh = _rows(list(latest.values()), self._encoder)
        changed = [self._codes[item_id] for item_id in latest]
        self.catalogue = _merged(self.catalogue, fresh, np.array(changed, np.int64), len(self))

    def _place(self, item: Item) -> None:
        code = self._codes.setdefault(item.item_id, len(self.ids))
        if code == len(self.ids):
            self.ids.append(item.item_id)
            self._items.append(item)
        else:
            self._items[code] = item


def _rows(items: list[Item], encoder: TextEncoder) -> Catalogue:
    return Catalogue(
        prices=np.array([np.nan if item.price is None else item.price for item in items], np.float64),
        arrived=np.array([item.timestamp for item in items], np.int64),
        available=np.array([item.available for item in items], np.bool_),
        content=encoder.encode([text_of(item.title, item.brand, item.categories) for item in items]),
    )


def _merged(old: Catalogue, fresh: Catalogue, changed: Ints, size: int) -> Catalogue:
    rows = np.arange(size)
    rows[changed] = len(old) + np.arange(len(fresh))
    arrived = np.concatenate((old.arrived, fresh.arrived))[rows]
    arrived[: len(old)] = old.arrived
    return Catalogue(
        prices=np.concatenate((old.prices, fresh.prices))[rows],
        arrived=arrived,
        available=np.concatenate((old.available, fresh.available))[rows],
        content=sparse.vstack((old.content, fresh.content), format="csr")[rows],
    )
