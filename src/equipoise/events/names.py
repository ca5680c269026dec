"""The stored vocabularies of the log: outside ids are long and repeat, so rows keep their codes."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from equipoise.types import Ints

Kind = Literal["ids", "item_ids"]
_MOST_CACHED = 500_000
_json = msgspec.json.Encoder()


class Codes:
    """From ids to codes for the writer, which alone may add to them."""

    def __init__(self, connection: sqlite3.Connection, kind: Kind) -> None:
        self._connection = connection
        self._insert = (
            f"INSERT INTO {kind} (id) SELECT value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING"
        )
        # One row whatever the number of ids: each row fetched would hand the interpreter to other threads.
        self._select = (
            f"SELECT json_group_object(id, code) FROM {kind} WHERE id IN (SELECT value FROM json_each(?))"
        )
        self._known: dict[str, int] = {}

    def learn(self, ids: Iterable[str | None]) -> None:
        """Make sure that every one of `ids` has a code, in the order in which they are given."""
        known = self._known
        missing = [name for name in dict.fromkeys(ids) if name is not None and name not in known]
        if missing:
            self._add(missing)

    def _add(self, missing: list[str]) -> None:
        text = _json.encode(missing).decode()
        self._connection.execute(self._insert, (text,))
        (found,) = self._connection.execute(self._select, (text,)).fetchone()
        self._known.update(msgspec.json.decode(found))

    def forget(self) -> None:
        """Drop what was learned, after a transaction that did not happen."""
        self._known.clear()

    def trim(self) -> None:
        """Keep the memory bounded; to be called between transactions."""
        if len(self._known) > _MOST_CACHED:
            self._known.clear()

    def of(self, name: str) -> int:
        """Return the code of an id that was learned."""
        return self._known[name]

    def maybe(self, name: str | None) -> int | None:
        """Return the code of an id that was learned, None for none."""
        return None if name is None else self._known[name]


class Spellings:
    """From codes back to ids, for readers."""

    def __init__(self, connection: sqlite3.Connection, kind: Kind) -> None:
        self._connection = connection
        self._select = f"SELECT code, id FROM {kind} WHERE code IN (SELECT value FROM json_each(?))"
        self._known: dict[int, str] = {}

    def of(self, codes: Ints) -> Sequence[str]:
        """Return the id of each code."""
        wanted = codes.tolist()
        missing = [code for code in dict.fromkeys(wanted) if code not in self._known]
        if missing:
            self._known.update(self._connection.execute(self._select, (_json.encode(missing).decode(),)))
        return [self._known[code] for code in wanted]
