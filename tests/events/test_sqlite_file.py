import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from equipoise.errors import LogError
from equipoise.events.sqlite import SQLiteLog
from equipoise.events.sqlite_file import reading


def refusal(path: Path) -> str:
    with pytest.raises(LogError) as caught:
        SQLiteLog(path)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"{path}")
    return message


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"hello, world\n" * 1_000)
    assert "not a database" in refusal(tmp_path / "log.db")
    assert (tmp_path / "log.db").read_bytes() == b"hello, world\n" * 1_000


def test_a_corrupt_log_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    SQLiteLog(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:200] + b"\xff" * (len(whole) - 200))
    assert "malformed" in refusal(path)


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "log.db")) as other:
        other.execute("CREATE TABLE songs (title)")
    assert "not an equipoise log" in refusal(tmp_path / "log.db")


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    SQLiteLog(tmp_path / "log.db").close()
    with closing(sqlite3.connect(tmp_path / "log.db")) as newer:
        newer.execute("PRAGMA user_version = 99")
    assert "format 99, this version reads 1" in refusal(tmp_path / "log.db")


@pytest.mark.parametrize("name", ["folder", "file/log.db"])
def test_a_place_that_cannot_hold_a_log_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    assert "check the file" in refusal(tmp_path / name)


def test_reading_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="unable to open"), reading(tmp_path / "log.db"):
        pass
    assert not (tmp_path / "log.db").exists()


@pytest.mark.parametrize("name", ["with space.db", "a?b=c#d%20.db", "ünïcode.db"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    with SQLiteLog(tmp_path / name) as log:
        assert list(log.scan("events")) == []
        assert log.last() == 0
    assert (tmp_path / name).exists()
