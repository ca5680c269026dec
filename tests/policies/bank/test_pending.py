import numpy as np

from equipoise.policies.bank import pending
from equipoise.policies.bank.pending import Pending, keys_of
from equipoise.random import derive


def waiting(keys: list[int], odds: list[float]) -> Pending:
    return Pending.none(2).with_more(np.array(keys), np.column_stack([odds, np.negative(odds)]))


def test_a_success_is_held_against_what_was_said_of_it() -> None:
    left, owed = waiting([5, 7, 9], [-1.0, -2.0, -4.0]).settled(np.array([9, 5]))
    np.testing.assert_array_equal(owed, [-5.0, 5.0])
    assert left.keys.tolist() == [7]


def test_an_impression_succeeds_once() -> None:
    left, _ = waiting([5], [-1.0]).settled(np.array([5]))
    _, owed = left.settled(np.array([5]))
    np.testing.assert_array_equal(owed, 0.0)


def test_of_alike_impressions_the_newest_is_meant() -> None:
    left, owed = waiting([5, 7, 5], [-1.0, -2.0, -4.0]).settled(np.array([5]))
    np.testing.assert_array_equal(owed, [-4.0, 4.0])
    assert left.keys.tolist() == [5, 7]


def test_what_is_not_known_changes_nothing() -> None:
    before = waiting([5], [-1.0])
    left, owed = before.settled(np.array([6]))
    assert left.keys.tolist() == before.keys.tolist()
    np.testing.assert_array_equal(owed, 0.0)


def test_memory_is_bounded_and_the_oldest_go_first() -> None:
    state = Pending.none(1)
    for first in range(0, pending.ROOM + 2_000, 1_000):
        state = state.with_more(np.arange(first, first + 1_000), np.zeros((1_000, 1)))
    assert len(state) == pending.ROOM
    assert state.keys[-1] == first + 999


def test_impressions_differ_by_item_and_by_every_feature() -> None:
    rng = derive(1, "impressions")
    features = np.repeat(rng.normal(size=(1, 4)), 9, axis=0)
    features[np.arange(4), np.arange(4)] += 1e-9
    features[4] = features[4][::-1]
    items = np.array([0, 0, 0, 0, 0, 0, 1, 2, 0])
    keys = keys_of(items, features)
    assert len(set(keys[:8].tolist())) == 8
    assert keys[8] == keys[5]
    assert len(set(keys_of(np.arange(100_000), np.zeros((100_000, 3))).tolist())) == 100_000
