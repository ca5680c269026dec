"""From bytes to wire types, with each error located."""

import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import TypeVar

import msgspec

from equipoise.errors import BadInputError
from equipoise.events.facts import EVENT_TYPES
from equipoise.serving.problem import Problem, bad_request
from equipoise.serving.schemas import IN_WORDS, Rejected, Wire

T = TypeVar("T", bound=Wire)
MOST = 1_000
_NAMED = re.compile(r"field `([^`]+)`")
_QUOTED = re.compile(r"`\$?\.?(.*)`")


def read_one(body: bytes, kind: type[T]) -> T:
    """Return the one object in `body`; raise a 400 problem where it is none."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise bad_request(*_located(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable(error) from error


def read_many(body: bytes, kind: type[T]) -> tuple[list[tuple[int, T]], list[Rejected]]:
    """Return the usable objects in `body` (one, or an array of them) with their places, and the rest.

    Raises a 400 problem only where nothing can be told apart: not JSON, neither object nor array, or
    more than 1,000.
    """
    try:
        body.decode()
        parts = msgspec.json.decode(body, type=list[msgspec.Raw]) if _is_array(body) else [body]
        return _told_apart(parts, kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable(error) from error


def _is_array(body: bytes) -> bool:
    start = body.lstrip()[:1]
    if start not in (b"[", b"{"):
        msgspec.json.decode(body)
        raise bad_request("body", f"must be one object or an array of up to {MOST:,}")
    return start == b"["


def _told_apart(
    parts: "list[msgspec.Raw] | list[bytes]", kind: type[T]
) -> tuple[list[tuple[int, T]], list[Rejected]]:
    if not 1 <= len(parts) <= MOST:
        raise bad_request("body", f"holds {len(parts):,}; send 1 to {MOST:,} at a time")
    decoder = msgspec.json.Decoder(kind)
    good: list[tuple[int, T]] = []
    bad: list[Rejected] = []
    for index, part in enumerate(parts):
        try:
            good.append((index, decoder.decode(part)))
        except msgspec.ValidationError as error:
            field, reason = _located(error)
            bad.append(Rejected(index=index, field=field, reason=reason))
    return good, bad


def all_rejected(refused: Sequence[Rejected]) -> Problem:
    """Return the 400 problem of a batch of which nothing could be used."""
    first = refused[0]
    return Problem(
        HTTPStatus.BAD_REQUEST,
        first.reason,
        field=first.field,
        more={"rejected": msgspec.to_builtins(refused)},
    )


def rejected(index: int, error: BadInputError) -> Rejected:
    """Return the rejection of the thing at `index`."""
    return Rejected(index=index, field=error.field, reason=error.reason)


def _located(error: msgspec.ValidationError) -> tuple[str, str]:
    message, _, where = str(error).partition(" - at ")
    path = _QUOTED.sub(r"\1", where)
    named = _NAMED.search(message)
    steps: Iterator[str] = (step for step in (path, named.group(1) if named is not None else "") if step)
    return ".".join(steps) or "body", _plain(message)


def _plain(message: str) -> str:
    for pattern, words in IN_WORDS.items():
        message = message.replace(f"`str` matching regex {pattern!r}", words)
    # Types of events are all that is chosen from a list in a body.
    if message.startswith("Invalid enum value"):
        message += f"; choose one of {', '.join(EVENT_TYPES)}"
    return message if message.startswith("JSON") else message[0].lower() + message[1:]


def _unreadable(error: Exception) -> Exception:
    if isinstance(error, RecursionError):
        return bad_request("body", "is nested too deeply")
    if isinstance(error, UnicodeDecodeError):
        return bad_request("body", f"is not UTF-8 (byte {error.start}); encode it as UTF-8")
    return bad_request("body", f"is not JSON: {_plain(str(error))}; NaN and Infinity are not JSON either")
