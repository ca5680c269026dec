"""Moments as people and machines write them, into microseconds since the epoch, UTC."""

import math
from datetime import UTC, datetime

from equipoise.errors import BadInputError

_HELP = "give ISO 8601, as 2026-05-01T12:00:00Z, or seconds, milliseconds or microseconds since 1970"
# Up to these, a number counts seconds, milliseconds, microseconds: each reaches past the year 5000.
_UNITS = ((1e11, 1_000_000), (1e14, 1_000), (1e17, 1))


def parse_time(moment: object) -> int:
    """Return the microseconds of `moment`: text, a number whose size tells its unit, or a datetime.

    A time without a zone is taken as UTC. Raises `BadInputError` on `timestamp` for anything else.
    """
    match moment:
        case bool() | None:
            raise BadInputError("timestamp", f"is missing; {_HELP}")
        case int() | float():
            return _from_number(moment)
        case datetime():
            return _from_datetime(moment)
        case str():
            return _from_text(moment.strip())
    raise BadInputError("timestamp", f"is not a time; {_HELP}")


def _from_number(number: float) -> int:
    if not math.isfinite(number):
        raise BadInputError("timestamp", f"is not a finite number; {_HELP}")
    for limit, factor in _UNITS:
        if abs(number) < limit:
            return round(number * factor)
    raise BadInputError("timestamp", f"is too large a number; {_HELP}")


def _from_text(text: str) -> int:
    try:
        return _from_number(int(text) if text.lstrip("-").isdigit() else float(text))
    except ValueError:
        pass
    try:
        return _from_datetime(datetime.fromisoformat(text.removesuffix(" UTC")))
    except (ValueError, OverflowError) as error:
        raise BadInputError("timestamp", f"is not a time; {_HELP}") from error


def _from_datetime(moment: datetime) -> int:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    since = aware - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
