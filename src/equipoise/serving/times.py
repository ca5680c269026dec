"""Times on the wire: ISO 8601 or an epoch number in, ISO 8601 in UTC out."""

import time
from datetime import UTC, datetime, timedelta

from equipoise.errors import BadInputError
from equipoise.events.times import parse_time

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = 86_400_000_000  # a shop's clock may run a day ahead, no more


def now() -> int:
    """Return the time, microseconds UTC."""
    return time.time_ns() // 1000


def microseconds(told: str | float, *, at: int) -> int:
    """Return the time `told`, in microseconds UTC, as read at `at`.

    Raises `BadInputError` where it is no time, or before 1970, or over a day ahead.
    """
    found = parse_time(told)
    if not 0 <= found <= at + _AHEAD:
        raise BadInputError("timestamp", f"{told} is before 1970 or more than a day ahead; check the clock")
    return found


def iso(moment: int) -> str:
    """Return microseconds UTC as ISO 8601."""
    return (_EPOCH + timedelta(microseconds=moment)).isoformat().replace("+00:00", "Z")
