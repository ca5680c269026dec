"""The SQLite file of the log: its tables, and opening it with a clear refusal of what is not one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from equipoise.errors import LogError

FORMAT = 1
_APPLICATION = 0x65717569  # "equi"
_TABLES = """
-- One vocabulary for users, sessions and words of few kinds; items, and the sources beside them in slates,
-- have their own, so that their codes stay small and near each other.
CREATE TABLE ids (code INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE item_ids (code INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE events (
    seq INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, event_type INTEGER NOT NULL,
    timestamp INTEGER NOT NULL, user INTEGER, session INTEGER, item INTEGER, value REAL, quantity REAL,
    currency INTEGER, recommendation_id TEXT, position INTEGER, properties TEXT);
CREATE INDEX events_of ON events (recommendation_id) WHERE recommendation_id IS NOT NULL;
CREATE TABLE items (
    seq INTEGER PRIMARY KEY, version BLOB NOT NULL UNIQUE, item INTEGER NOT NULL, timestamp INTEGER NOT NULL,
    title TEXT NOT NULL, description TEXT NOT NULL, categories TEXT NOT NULL, brand TEXT, price REAL,
    margin REAL, currency TEXT, image_url TEXT, available INTEGER NOT NULL, properties TEXT);
CREATE TABLE decisions (
    seq INTEGER PRIMARY KEY, recommendation_id TEXT NOT NULL UNIQUE, user INTEGER, session INTEGER,
    surface INTEGER NOT NULL, timestamp INTEGER NOT NULL, policy INTEGER NOT NULL,
    policy_version INTEGER NOT NULL, variant INTEGER NOT NULL, features_version INTEGER NOT NULL,
    exploration REAL NOT NULL, reason TEXT NOT NULL, body BLOB NOT NULL);
"""


def open_to_write(path: Path) -> sqlite3.Connection:
    """Open the log of `path`, made if absent; raise `LogError` where that cannot be done."""
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=30.0, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the log of `path` to read one snapshot of it, beside whoever writes."""
    with (
        explained(path),
        closing(sqlite3.connect(read_uri(path), uri=True, isolation_level=None, timeout=30.0)) as found,
    ):
        found.execute("BEGIN")
        yield found


def read_uri(path: Path) -> str:
    """Return the address by which SQLite opens `path` for reading only."""
    return f"file:{quote(str(path.absolute()))}?mode=ro"


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the errors of SQLite and the disk into a `LogError` of one line."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise LogError(f"{path}: {error}; check the file, its folder and the free space") from error


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA page_size = 16384")
    connection.execute("PRAGMA auto_vacuum = NONE")
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        _create(connection)
    _check(connection, path)
    connection.execute("PRAGMA synchronous = FULL")


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    marks = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {FORMAT};"
    try:
        connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} {marks} COMMIT;")
    except sqlite3.OperationalError:
        connection.rollback()
        # Another process may have made the same tables between our look and our lock.
        if connection.execute("PRAGMA application_id").fetchone() != (_APPLICATION,):
            raise


def _check(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != _APPLICATION:
        raise LogError(f"{path}: a database, but not an equipoise log; name another file")
    if version != FORMAT:
        raise LogError(f"{path}: format {version}, this version reads {FORMAT}; upgrade equipoise")
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise LogError(f"{path}: SQLite cannot keep a write-ahead log there; use a local disk")
    connection.execute("BEGIN IMMEDIATE")  # fails at once where the file cannot be written
    connection.execute("ROLLBACK")
