import pytest
from tests.models.conftest import orders

from equipoise.data.interactions import DAY
from equipoise.errors import BadInputError
from equipoise.models.fusion.validation import LaterDays, NewestSessions, last_item


def test_the_last_item_of_each_user_is_held_back() -> None:
    later = last_item(orders([[0, 1, 2], [3], [4, 5]], 6))
    assert later.train.items.tolist() == [0, 1, 3, 4]
    assert later.asked.users.tolist() == [0, 2]
    assert [row.tolist() for row in later.asked.histories] == [[0, 1], [4]]
    assert [row.tolist() for row in later.asked.targets] == [[2], [5]]


def test_a_repeat_is_asked_for_only_where_repeats_are() -> None:
    data = orders([[0, 1, 0], [2, 3]], 4)
    assert last_item(data).asked.users.tolist() == [1]
    assert last_item(data, repeats=True).asked.users.tolist() == [0, 1]
    assert last_item(data).train.items.tolist() == [0, 1, 2]


def test_days_where_there_are_dates_and_places_where_there_are_none() -> None:
    dated = orders([[0, 1, 2, 3]], 4, times=[[0, 1 * DAY, 9 * DAY, 10 * DAY]])
    assert LaterDays(2.0).hold_out(dated).train.items.tolist() == [0, 1]
    assert LaterDays(2.0).hold_out(orders([[0, 1, 2, 3]], 4)).train.items.tolist() == [0, 1, 2]


def test_nothing_to_hold_back() -> None:
    assert len(LaterDays(2.0).hold_out(orders([], 3)).asked) == 0
    assert len(NewestSessions(0.5).hold_out(orders([], 3)).asked) == 0


def test_the_newest_sessions_are_asked_for_each_item_but_the_first() -> None:
    sessions = orders([[0, 1], [2, 3, 2], [4], [5, 0]], 6, times=[[0, 1], [9, 10, 11], [2], [3, 4]])
    later = NewestSessions(0.25).hold_out(sessions, repeats=True)
    assert later.train.items.tolist() == [0, 1, 4, 5, 0]
    assert later.asked.users.tolist() == [1, 1]
    assert [row.tolist() for row in later.asked.histories] == [[2], [2, 3]]
    assert [row.tolist() for row in later.asked.targets] == [[3], [2]]
    assert [row.tolist() for row in NewestSessions(0.25).hold_out(sessions).asked.targets] == [[3]]


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(BadInputError, match="days must be above 0"):
        LaterDays(0.0)
    with pytest.raises(BadInputError, match="between 0 and 1, not 1"):
        NewestSessions(1)
