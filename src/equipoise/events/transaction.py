"""One transaction of the log: facts get their numbers, those already there are left alone."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain

from equipoise.events.facts import Fact
from equipoise.events.log import Receipt
from equipoise.events.names import Codes
from equipoise.events.rows import ROWS, Kept

Numbered = tuple[int, Fact]
LAST = "SELECT max(coalesce((SELECT max(seq) FROM events), 0), coalesce((SELECT max(seq) FROM items), 0), \
coalesce((SELECT max(seq) FROM decisions), 0))"
_MOST_ROWS = 256


class Transactions:
    """Writes groups of facts over one connection, each group whole or not at all.

    Every call into SQLite hands the interpreter to other threads and may wait to get it back, so that a
    group takes as few calls as its number of rows allows.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._ids = Codes(connection, "ids")
        self._items = Codes(connection, "item_ids")

    def write(self, groups: Sequence[Sequence[Fact]]) -> tuple[list[Receipt], list[Numbered]]:
        """Append each of `groups` in order; return a receipt for each and the facts that were new."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            written = self._append(groups)
            self._connection.execute("COMMIT")
        except BaseException:
            for codes in (self._ids, self._items):
                codes.forget()
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        for codes in (self._ids, self._items):
            codes.trim()
        return written

    def _append(self, groups: Sequence[Sequence[Fact]]) -> tuple[list[Receipt], list[Numbered]]:
        (last,) = self._connection.execute(LAST).fetchone()
        numbered = list(enumerate(chain.from_iterable(groups), start=last + 1))
        present: set[int] = set()
        for kind, rows in ROWS.items():
            these = [(seq, fact) for seq, fact in numbered if type(fact) is kind]
            if these:
                present |= self._insert(rows, these, last)
        newest = max(present, default=last)
        return list(_receipts(groups, last, present, newest)), [n for n in numbered if n[0] in present]

    def _insert(self, rows: Kept, these: Sequence[Numbered], last: int) -> set[int]:
        self._ids.learn(chain.from_iterable(rows.ids(fact) for _, fact in these))
        self._items.learn(chain.from_iterable(rows.item_ids(fact) for _, fact in these))
        inserted = 0
        for piece in _pieces(these):
            values = [rows.row(seq, fact, self._ids, self._items) for seq, fact in piece]
            statement = _statement(rows.table, rows.columns, rows.key, len(piece))
            inserted += self._connection.execute(statement, list(chain.from_iterable(values))).rowcount
        if inserted == len(these):
            return {seq for seq, _ in these}
        found = self._connection.execute(f"SELECT seq FROM {rows.table} WHERE seq > ?", (last,))
        return {seq for (seq,) in found}


def _receipts(
    groups: Sequence[Sequence[Fact]], last: int, present: Iterable[int], newest: int
) -> Iterator[Receipt]:
    there = set(present)
    start = last + 1
    for group in groups:
        new = sum(seq in there for seq in range(start, start + len(group)))
        yield Receipt(new=new, duplicates=len(group) - new, last=newest)
        start += len(group)


def _pieces(rows: Sequence[Numbered]) -> Iterator[Sequence[Numbered]]:
    """Cut `rows` into powers of two, so that a handful of prepared statements serves every length."""
    start = 0
    while start < len(rows):
        size = min(_MOST_ROWS, 1 << (len(rows) - start).bit_length() - 1)
        yield rows[start : start + size]
        start += size


@cache
def _statement(table: str, columns: tuple[str, ...], key: str, n_rows: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    values = ", ".join([row] * n_rows)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {values} ON CONFLICT ({key}) DO NOTHING"
