"""Online Retail (Chen, Sain and Guo, 2012): will the customer of an order be back within 30 days?

One row an order of a known customer, as known when it is placed. `return` is 1 where the customer orders
again within 30 days, `refund` where goods are sent back within them. Orders of the last 30 days are left out:
what came of them is not known. Split with a gap of 30 days (`LABEL_DAYS`), for a target is known only then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa

from equipoise.data.foreign.columns import header_of
from equipoise.data.histories import Histories
from equipoise.data.impressions.before import Before
from equipoise.data.impressions.coding import Coded, together
from equipoise.data.impressions.rows import RankingRows
from equipoise.data.impressions.schema import Schema
from equipoise.data.impressions.split import DAY
from equipoise.events.facts import Event
from equipoise.events.online_retail import NAME, read_online_retail
from equipoise.types import Bools, Floats, Ints

LABEL_DAYS = 30
LENGTH = 40
_SECOND, _SPAN = 1_000_000, 10**11
_TELLING = {"InvoiceNo", "StockCode", "CustomerID"}


def recognises(path: Path) -> bool:
    """Return whether `path` is the name of the packaged sample, or holds the published table in Parquet."""
    return str(path) == NAME or _table(path) is not None


def read(path: Path) -> RankingRows:
    """Return the orders whose 30 days are over, by time."""
    with TemporaryDirectory() as scratch:
        source = None if str(path) == NAME else _table(path)
        lines = _Lines.of(read_online_retail(Path(scratch), source=source).events)
    return lines.rows()


def _table(path: Path) -> Path | None:
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    fits = len(files) == 1 and files[0].suffix == ".parquet" and files[0].is_file()
    return files[0] if fits and set(header_of(files[0])) >= _TELLING else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """Order lines by time: the order and customer of each, its value, and whether goods came back."""

    times: Ints
    orders: Coded
    customers: Ints
    items: Coded
    values: Floats
    quantities: Floats
    sent_back: Bools

    @classmethod
    def of(cls, events: Sequence[Event]) -> "_Lines":
        known = sorted((e for e in events if e.user_id), key=lambda event: event.timestamp)
        return cls(
            times=np.array([event.timestamp for event in known], np.int64),
            orders=Coded.of(_texts([str(event.session_id) for event in known])),
            customers=Coded.of(_texts([str(event.user_id) for event in known])).codes,
            items=Coded.of(_texts([str(event.item_id) for event in known])),
            values=np.array([event.value or 0.0 for event in known]),
            quantities=np.array([event.quantity or 0.0 for event in known]),
            sent_back=np.array([event.event_type == "return" for event in known]),
        )

    def rows(self) -> RankingRows:
        """Return one row an order: what is in it, and what was known of the customer."""
        bought = np.flatnonzero(~self.sent_back)
        _, first, order = np.unique(self.orders.codes[bought], return_index=True, return_inverse=True)
        by_time = np.argsort(self.times[bought][first], kind="stable")
        rank = np.empty(len(first), np.int64)
        rank[by_time] = np.arange(len(first))
        told = _Orders(self, bought, bought[first[by_time]], rank[order])
        return told.rows()


@dataclass(frozen=True, slots=True)
class _Orders:
    """`first` is the first line of each order, by time; `order` says to which each of the lines `bought`
    belongs.
    """

    lines: _Lines
    bought: Ints
    first: Ints
    order: Ints

    @property
    def times(self) -> Ints:
        return self.lines.times[self.first]

    @property
    def customers(self) -> Ints:
        return self.lines.customers[self.first]

    def rows(self) -> RankingRows:
        numeric, (histories, kinds) = self._numeric(), self._lookback()
        hour, weekday = self.times // (DAY // 24) % 24, (self.times // DAY + 3) % 7
        columns = {
            "customer": Coded.of(self.customers),
            "hour": Coded.of(hour),
            "weekday": Coded.of(weekday),
        }
        codes, vocabularies = together(columns)
        schema = Schema(
            numeric=tuple(numeric),
            categorical=tuple(columns),
            vocabularies=vocabularies,
            targets=("return", "refund"),
            n_items=len(self.lines.items.vocabulary),
            n_kinds=2,
        )
        rows = RankingRows(
            schema=schema,
            numeric=np.column_stack(list(numeric.values())).astype(np.float32),
            categorical=codes,
            targets=np.column_stack((self._followed(self.times, self.customers), self._refunded())),
            times=self.times,
            users=self.customers,
            histories=histories,
            kinds=kinds,
        )
        return rows.where(self.times <= int(self.lines.times.max(initial=0)) - LABEL_DAYS * DAY)

    def _numeric(self) -> Mapping[str, Floats]:
        lines, n = np.bincount(self.order, minlength=len(self.first)).astype(np.float64), len(self.first)
        value = np.bincount(self.order, self.lines.values[self.bought], n).astype(np.float64)
        quantity = np.bincount(self.order, self.lines.quantities[self.bought], n).astype(np.float64)
        back = Before.of(self.customers, self.times)
        since, count = back.since(self.times) / DAY, back.count().astype(np.float64)
        started = (self.times - self.times[back.order[back.starts]]) / DAY
        sent, sent_value = self._sent_back_before()
        return {
            "lines": lines,
            "value": value,
            "quantity": quantity,
            "orders_before": count,
            "orders_60": self._within(60),
            "lines_before": back.total(lines),
            "value_before": back.total(value),
            "days_since": since,
            "days_since_mean": np.where(count > 0, started / np.maximum(count, 1), np.nan),
            "days_since_three": self._ago(back, 3),
            "days_customer": started,
            "refunds_before": sent,
            "refund_value_before": sent_value,
            "shop_orders_7": self._shop(7),
            "day": (self.times / DAY) % 365.25,
        }

    def _ago(self, back: Before, n: int) -> Floats:
        """Return how many days ago the `n`-th newest earlier order was."""
        place = back.places(n)[:, 0]
        return np.where(place >= 0, (self.times - self.times[place]) / DAY, np.nan)

    def _within(self, days: int) -> Floats:
        """Return the number of earlier orders of the same customer in the `days` before."""
        return _counted(self.customers, self.times, self.customers, self.times, -days * DAY)

    def _shop(self, days: int) -> Floats:
        nobody = np.zeros(len(self.times), np.int64)
        return _counted(nobody, self.times, nobody, self.times, -days * DAY)

    def _sent_back_before(self) -> tuple[Floats, Floats]:
        mine, when, value = self._refunds()
        seen = _counted(self.customers, self.times, mine, when, -10_000 * DAY)
        worth = _counted(self.customers, self.times, mine, when, -10_000 * DAY, value)
        return seen, worth

    def _refunds(self) -> tuple[Ints, Ints, Floats]:
        back = self.lines.sent_back
        return self.lines.customers[back], self.lines.times[back], self.lines.values[back]

    def _followed(self, when: Ints, who: Ints) -> Floats:
        """Return whether an event of the same customer follows within 30 days, float32."""
        found = _counted(self.customers, self.times + _SECOND, who, when, LABEL_DAYS * DAY)
        return (found > 0).astype(np.float32)

    def _refunded(self) -> Floats:
        mine, when, _ = self._refunds()
        return self._followed(when, mine)

    def _lookback(self) -> tuple[Histories, Ints]:
        """Return the goods that each customer bought, those of the order itself (kind 1) last."""
        by_order = np.argsort(self.order, kind="stable")
        items = self.lines.items.codes[self.bought][by_order]
        sizes = np.bincount(self.order, minlength=len(self.first))
        offsets = np.concatenate(([0], np.cumsum(sizes)))
        rows: list[list[int]] = []
        kinds: list[list[int]] = []
        met: dict[int, list[int]] = {}
        for at, customer in enumerate(self.customers.tolist()):
            own = items[offsets[at] : offsets[at + 1]].tolist()
            before = met.get(customer, [])
            rows.append([*before, *own][-LENGTH:])
            kinds.append([*([0] * len(before)), *([1] * len(own))][-LENGTH:])
            met[customer] = rows[-1]
        flat = [kind for row in kinds for kind in row]
        return Histories.of(rows), np.array(flat, np.int64)


def _counted(who: Ints, when: Ints, whose: Ints, at: Ints, span: int, values: Floats | None = None) -> Floats:
    """Return how many events (or the sum of their `values`) of the same key are within `span` of each moment.

    `span` > 0 looks at [when, when + span), < 0 at [when + span, when).
    """
    order = np.lexsort((at, whose))
    keys = _key(whose[order], at[order])
    sums = np.concatenate(([0.0], np.cumsum(np.ones(len(order)) if values is None else values[order])))
    low, high = np.minimum(when, when + span), np.maximum(when, when + span)
    first, last = (np.searchsorted(keys, _key(who, edge), "left") for edge in (low, high))
    return np.asarray(sums[last] - sums[first])


def _key(who: Ints, when: Ints) -> Ints:
    """Return numbers (n,) in the order of (who, when in seconds)."""
    return who * _SPAN + when // _SECOND


def _texts(values: Sequence[str]) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, pa.string())])
