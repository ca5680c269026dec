"""Stocking the demo's shop: a real year of orders, less the products that will arrive while one watches."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from equipoise.data.prepare import Prepared, prepare
from equipoise.events.facts import Item
from equipoise.events.ingest import append_orders
from equipoise.events.online_retail import Orders, read_online_retail
from equipoise.events.quality import QualityReport
from equipoise.events.sqlite import SQLiteLog

ARRIVALS_AFTER = datetime(2011, 10, 1, tzinfo=UTC)
"""Products first sold after this are held back: they are the new arrivals."""


@dataclass(frozen=True, slots=True)
class Stock:
    """The year of orders as read, before any of it is in a log."""

    orders: Orders

    @classmethod
    def read(cls, refused_into: Path) -> "Stock":
        """Read the packaged orders; rows that are refused are written to the folder `refused_into`."""
        return cls(read_online_retail(refused_into, hold_back_after=ARRIVALS_AFTER))

    def put_into(self, log: SQLiteLog) -> QualityReport:
        """Append what the shop has sold so far."""
        return append_orders(log, self.orders)

    def whole_year(self) -> Prepared:
        """Return everything prepared, the arrivals and their sales included: what shoppers really like."""
        orders = self.orders
        with TemporaryDirectory() as folder, SQLiteLog(Path(folder) / "year.db") as log:
            log.append([*orders.items, *orders.held_items])
            log.append([*orders.events, *orders.held_events])
            return prepare(log)

    def arrivals(self) -> tuple[dict[str, Any], ...]:
        """Return the held-back products as the bodies of `PUT /v1/items`."""
        return tuple(_product(item) for item in self.orders.held_items)


def _product(item: Item) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(item)
    return {name: value for name, value in told.items() if name != "timestamp"}
