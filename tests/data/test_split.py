import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.data.interactions import DAY, Interactions
from equipoise.data.split import Split, days_before_end, split_by_time
from equipoise.errors import BadInputError
from equipoise.types import Ints

N_USERS, N_ITEMS = 5, 6
Row = tuple[int, int, int]
rows = st.lists(
    st.tuples(st.integers(0, N_USERS - 1), st.integers(0, 20), st.integers(0, N_ITEMS - 1)), min_size=1
)


def interactions(of: list[Row]) -> Interactions:
    users, times, items = np.array(sorted(of, key=lambda row: row[:2]), np.int64).reshape(-1, 3).T
    money = np.arange(1.0, len(of) + 1)
    return Interactions(
        users=users,
        items=items,
        times=times,
        weights=np.ones(len(of)),
        values=money,
        n_users=N_USERS,
        n_items=N_ITEMS,
    )


def split_or_none(data: Interactions, at: int) -> Split | None:
    try:
        return split_by_time(data, at)
    except BadInputError:
        return None


@given(rows, st.integers(0, 21))
@settings(max_examples=300, deadline=None)
def test_no_future_leaks_into_the_past(of: list[Row], at: int) -> None:
    split = split_or_none(interactions(of), at)
    if split is None:
        assert all(time < at for _, time, _ in of) or all(time >= at for _, time, _ in of)
        return
    assert (split.train.times < at).all()
    for held_out in (split.unseen, split.every):
        for user, history in zip(held_out.users, held_out.histories, strict=True):
            before = [item for u, t, item in sorted(of, key=lambda row: row[:2]) if u == user and t < at]
            assert history.tolist() == before
            assert len(history) > 0


@given(rows, st.integers(0, 21))
@settings(max_examples=300, deadline=None)
def test_the_answers_are_what_came_after(of: list[Row], at: int) -> None:
    split = split_or_none(interactions(of), at)
    if split is None:
        return
    before = {user: {item for u, t, item in of if u == user and t < at} for user in range(N_USERS)}
    after = {user: {item for u, t, item in of if u == user and t >= at} for user in range(N_USERS)}
    known = {user for user in before if before[user]}
    every = {user: after[user] for user in known if after[user]}
    unseen = {user: after[user] - before[user] for user in known if after[user] - before[user]}
    assert _answers(split.every.users, list(split.every.targets)) == every
    assert _answers(split.unseen.users, list(split.unseen.targets)) == unseen
    assert split.left_out == sum(1 for user in after if after[user] and not before[user])


def _answers(users: Ints, targets: list[Ints]) -> dict[int, set[int]]:
    assert all(len(set(row.tolist())) == len(row) for row in targets)
    return {int(user): set(row.tolist()) for user, row in zip(users, targets, strict=True)}


def test_money_of_a_target_adds_up_and_stays_with_it() -> None:
    data = interactions([(0, 1, 0), (0, 5, 3), (0, 6, 1), (0, 7, 3), (2, 1, 0), (2, 9, 2)])
    held_out = split_by_time(data, 5).unseen
    assert held_out.targets.items.tolist() == [3, 1, 2]
    assert held_out.values.tolist() == [2.0 + 4.0, 3.0, 6.0]


def test_only_the_heaviest_kind_of_event_is_an_answer() -> None:
    data = interactions([(0, 1, 0), (0, 5, 1), (0, 6, 2)])
    clicked = np.array([1.0, 0.3, 1.0])
    mixed = Interactions(
        users=data.users,
        items=data.items,
        times=data.times,
        weights=clicked,
        values=data.values,
        n_users=N_USERS,
        n_items=N_ITEMS,
    )
    assert split_by_time(mixed, 5).unseen.targets.items.tolist() == [2]


def test_dates_and_sizes_are_told() -> None:
    data = interactions([(0, 1, 0), (0, 5, 1), (1, 6, 2), (0, 9, 0)])
    told = split_by_time(data, 5).describe()
    assert told["train_interactions"] == 1
    assert told["test_users"] == 1
    assert told["test_targets"] == 1
    assert told["test_targets_with_repeats"] == 2
    assert told["users_without_history"] == 1
    assert told["test_from"] == "1970-01-01 00:00"


def test_a_split_outside_the_data_is_refused() -> None:
    with pytest.raises(BadInputError, match="leaves nothing on one side"):
        split_by_time(interactions([(0, 1, 0)]), 1)


def test_days_before_the_end() -> None:
    data = interactions([(0, 1, 0), (0, 5, 1)])
    assert days_before_end(data, 2) == 5 - 2 * DAY
    with pytest.raises(BadInputError, match="ingest purchases first"):
        days_before_end(data.where(data.times < 0), 2)
