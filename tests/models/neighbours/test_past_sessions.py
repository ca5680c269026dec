import numpy as np
import pytest
from tests.models.conftest import orders

from equipoise.models.neighbours.past_sessions import PastSessions


def sessions_of(past: PastSessions) -> list[list[int]]:
    return [past.items[a:b].tolist() for a, b in zip(past.offsets[:-1], past.offsets[1:], strict=True)]


def test_the_newest_session_is_the_one_that_began_last() -> None:
    data = orders([[0, 1], [2], [3, 0]], 4, times=[[5, 9], [7], [6, 8]])
    assert sessions_of(PastSessions.of(data)) == [[2], [3, 0], [0, 1]]


def test_sessions_that_only_know_places_are_in_the_order_of_their_codes() -> None:
    assert sessions_of(PastSessions.of(orders([[0, 1, 2], [1], [2, 3]], 4))) == [[2, 3], [1], [0, 1, 2]]


def test_users_without_interactions_are_no_sessions() -> None:
    data = orders([[0, 1], [2], [3, 0]], 4)
    assert sessions_of(PastSessions.of(data.where(data.users != 1))) == [[3, 0], [0, 1]]


def test_each_item_knows_who_met_it_newest_first_and_once() -> None:
    past = PastSessions.of(orders([[0, 1, 0], [1], [0, 2]], 4))
    assert [part.tolist() for part in np.split(past.visits, past.visit_offsets[1:-1])] == [
        [0, 2],
        [1, 2],
        [0],
        [],
    ]
    assert past.distinct.tolist() == [2, 1, 2]
    assert past.visitors().tolist() == [2, 2, 1, 0]


def test_half_as_much_for_each_half_life_of_the_sessions() -> None:
    past = PastSessions.of(orders([[0]] * 4, 1))
    np.testing.assert_allclose(past.freshness(0.25), [1, 0.5, 0.25, 0.125])
    np.testing.assert_allclose(past.freshness(np.inf), 1.0)


def test_rare_items_say_more() -> None:
    rarity = PastSessions.of(orders([[0, 1], [0], [0]], 3)).rarity()
    np.testing.assert_allclose(rarity, np.log1p([1, 3, 3]))


def test_what_is_met_lately_trends() -> None:
    """Of 20 sessions the newest two met item 1, five older ones item 0."""
    past = PastSessions.of(orders([[0]] * 5 + [[2]] * 13 + [[1]] * 2, 4))
    assert past.trends() == pytest.approx([2 / 7, 22 / 4, 2 / 15, 1])
