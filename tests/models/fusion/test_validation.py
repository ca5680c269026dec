from tests.models.conftest import orders

from equipoise.data.interactions import DAY
from equipoise.models.fusion.validation import last_item, later_days


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
    assert later_days(dated, 2.0).train.items.tolist() == [0, 1]
    assert later_days(orders([[0, 1, 2, 3]], 4), 2.0).train.items.tolist() == [0, 1, 2]


def test_nothing_to_hold_back() -> None:
    assert len(later_days(orders([], 3), 2.0).asked) == 0
