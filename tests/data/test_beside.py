"""What is known beside the items of a history goes wherever the items go."""

import numpy as np
import pytest

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.splits.sessions import next_items
from equipoise.errors import BadInputError

HISTORIES = Histories(
    np.array([4, 9, 1, 2, 3]),
    np.array([0, 3, 3, 5]),
    np.array([0, 1, 2, 3, 4]),
    np.array([10, 11, 12, 13, 14]),
)


def columns(histories: Histories) -> list[list[int]]:
    assert histories.kinds is not None
    assert histories.times is not None
    return [histories.items.tolist(), histories.kinds.tolist(), histories.times.tolist()]


def test_it_goes_with_the_items() -> None:
    assert columns(HISTORIES.known(5)) == [[4, 1, 2, 3], [0, 2, 3, 4], [10, 12, 13, 14]]
    assert columns(HISTORIES.take(np.array([2, 1]))) == [[2, 3], [3, 4], [13, 14]]
    assert columns(HISTORIES[0:1]) == [[4, 9, 1], [0, 1, 2], [10, 11, 12]]
    assert columns(HISTORIES.runs(np.array([1, 3]), np.array([3, 4]))) == [[9, 1, 2], [1, 2, 3], [11, 12, 13]]


def test_nothing_is_made_up_where_it_is_not_known() -> None:
    plain = Histories.of([[1, 2], [3]])
    assert plain.take(np.array([1])).kinds is None
    assert plain.known(3).times is None


@pytest.mark.parametrize("name", ["kinds", "times"])
def test_one_entry_an_item(name: str) -> None:
    with pytest.raises(BadInputError, match=f"{name}: must have one entry an item"):
        Histories(np.array([1, 2]), np.array([0, 2]), **{name: np.array([1])})


def interactions() -> Interactions:
    return Interactions(
        users=np.array([0, 0, 1]),
        items=np.array([5, 6, 7]),
        times=np.array([1, 2, 3]),
        weights=np.ones(3),
        values=np.zeros(3),
        n_users=2,
        n_items=8,
        kinds=np.array([5, 0, 1]),
    )


def test_interactions_hand_it_to_their_histories() -> None:
    assert columns(interactions().histories()) == [[5, 6, 7], [5, 0, 1], [1, 2, 3]]
    assert columns(interactions().where(np.array([False, True, True])).histories())[1] == [0, 1]
    assert columns(next_items(interactions()).histories) == [[5], [5], [1]]


def test_interactions_refuse_kinds_of_another_length() -> None:
    with pytest.raises(BadInputError, match="interactions: kinds must have one entry"):
        Interactions(
            **{name: getattr(interactions(), name) for name in interactions().__slots__}
            | {"kinds": np.array([1])}
        )
