from datetime import UTC, datetime, timedelta, timezone

import pytest

from equipoise.errors import BadInputError
from equipoise.events.times import parse_time

MOMENT = 1_777_636_800_000_000  # 2026-05-01T12:00:00Z


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-01T12:00:00Z",
        "2026-05-01 12:00:00 UTC",
        "2026-05-01T14:00:00+02:00",
        " 2026-05-01 12:00:00 ",
        1_777_636_800,
        1_777_636_800.0,
        1_777_636_800_000,
        1_777_636_800_000_000,
        "1777636800",
        "1777636800.0",
        datetime(2026, 5, 1, 12),
        datetime(2026, 5, 1, 12, tzinfo=UTC),
        datetime(2026, 5, 1, 14, tzinfo=timezone(timedelta(hours=2))),
    ],
)
def test_one_moment_in_many_ways(written: object) -> None:
    assert parse_time(written) == MOMENT


def test_microseconds_are_kept() -> None:
    assert parse_time("2026-05-01T12:00:00.123457Z") == MOMENT + 123_457


@pytest.mark.parametrize(
    "written",
    [None, True, "", "soon", float("nan"), float("inf"), 10**30, "9" * 30, [], "0001-01-01T00:00:00+23:59x"],
)
def test_what_is_no_time_is_refused(written: object) -> None:
    with pytest.raises(BadInputError) as caught:
        parse_time(written)
    assert caught.value.field == "timestamp"
