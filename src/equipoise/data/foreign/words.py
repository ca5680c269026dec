"""Text files of `user item item ...`, one user a line."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Ints


@dataclass(frozen=True, slots=True)
class Lines:
    """n meetings in the order of the file: `users` and `items` are ids, `places` (n,) from 0 in each line."""

    users: list[str]
    items: list[str]
    places: Ints


def read_lines(path: Path) -> Lines:
    """Read `path`; a user without items is passed over.

    Raises `BadInputError` for an empty or broken file.
    """
    users: list[str] = []
    items: list[str] = []
    lengths: list[int] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text_of(path).splitlines(), start=1):
        user, *met = line.split() or [""]
        if met and user in seen:
            raise BadInputError(
                f"{path}, row {number}", f"user {user} was in row {seen[user]} already; join the two rows"
            )
        seen[user] = number
        users += [user] * len(met)
        items += met
        lengths.append(len(met))
    if not items:
        raise BadInputError(str(path), "holds no items; write a user and then its items in each row")
    return Lines(users, items, np.concatenate([np.arange(length) for length in lengths]))


def looks_right(path: Path) -> bool:
    """Return whether the first line is of at least two words and no comma: a user and items."""
    try:
        with path.open(encoding="utf-8") as file:
            first = file.readline()
    except (OSError, UnicodeDecodeError):
        return False
    return len(first.split()) > 1 and "," not in first


def text_of(path: Path) -> str:
    """Return the text of `path`; raise `BadInputError` where it cannot be read as text."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInputError(str(path), f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        raise BadInputError(f"{path}, row {row}", "is not UTF-8 text; save the file as UTF-8") from error
