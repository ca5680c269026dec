"""Times on the wire: ISO 8601 or an epoch number in, ISO 8601 in UTC out."""

import time
from datetime import UTC, datetime, timedelta

from equipoise.errors import BadInputError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECONDS_BELOW = 1e11
_MILLISECONDS_BELOW = 1e14
_EARLIEST = 631_152_000_000_000  # 1990-01-01: earlier than any shop that logs what is clicked
_AHEAD = 86_400_000_000  # a shop's clock may run a day ahead, no more


def now() -> int:
    """Return the time, microseconds UTC."""
    return time.time_ns() // 1000


def microseconds(told: str | float, *, at: int) -> int:
    """Return the time `told`, in microseconds UTC, as read at `at`.

    A number is seconds, milliseconds or microseconds since the epoch, by its size. A time without an
    offset is UTC. Raises `BadInputError` where it is no time, or before 1990, or over a day ahead.
    """
    found = _parse(told) if isinstance(told, str) else _scale(told)
    if not _EARLIEST <= found <= at + _AHEAD:
        raise BadInputError(
            "timestamp", f"{told} is before 1990 or more than a day ahead; send ISO 8601 or epoch seconds"
        )
    return found


def iso(moment: int) -> str:
    """Return microseconds UTC as ISO 8601."""
    return (_EPOCH + timedelta(microseconds=moment)).isoformat().replace("+00:00", "Z")


def _parse(told: str) -> int:
    try:
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise BadInputError(
            "timestamp", f"{told[:40]!r} is not a time; send ISO 8601 such as 2026-01-31T12:00:00Z"
        ) from error
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // _MICROSECOND


def _scale(told: float) -> int:
    size = abs(told)
    return int(told * (1e6 if size < _SECONDS_BELOW else 1e3 if size < _MILLISECONDS_BELOW else 1))
