from collections.abc import Iterator
from pathlib import Path

import pytest

from equipoise.data.interactions import DAY
from equipoise.events.facts import Event, Item
from equipoise.events.sqlite import SQLiteLog
from equipoise.random import derive

N_USERS, N_ITEMS, LENGTH = 40, 20, 8
START = 1_600_000_000_000_000


def facts() -> list[Item | Event]:
    """A shop of two tastes: even users buy 8 of the items 0 to 9, odd ones 8 of 10 to 19, one a day."""
    items: list[Item | Event] = [
        Item(item_id=f"i{code}", timestamp=START, title=f"thing {code}", price=2.0, currency="GBP")
        for code in range(N_ITEMS)
    ]
    return items + [
        Event(
            event_id=f"{user}-{day}",
            event_type="purchase",
            timestamp=START + day * DAY + user,
            user_id=f"u{user}",
            item_id=f"i{user % 2 * 10 + item}",
            value=2.0,
        )
        for user in range(N_USERS)
        for day, item in enumerate(derive(8, user).permutation(10)[:LENGTH])
    ]


@pytest.fixture(scope="session")
def shop_log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLiteLog]:
    path: Path = tmp_path_factory.mktemp("shop") / "log.db"
    with SQLiteLog(path) as log:
        log.append(facts())
        yield log
