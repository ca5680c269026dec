"""Every way to hold data out: what is asked for is never in what is known, whatever the data."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.data.histories import Histories
from equipoise.data.interactions import DAY, Interactions
from equipoise.data.split import HeldOut
from equipoise.data.splits import (
    GivenQuestions,
    GivenRows,
    HiddenItems,
    LastDays,
    LateItems,
    LeaveLastOut,
    NewSessions,
    NewUsers,
    Parts,
    Rule,
    ShareOfEach,
    cut,
)
from equipoise.errors import BadInputError

N_USERS, N_ITEMS = 6, 7
Row = tuple[int, int, int, float]
rows = st.lists(
    st.tuples(
        st.integers(0, N_USERS - 1),
        st.integers(0, 20),
        st.integers(0, N_ITEMS - 1),
        st.sampled_from([1.0, 3.0, 5.0]),
    ),
    min_size=1,
    max_size=40,
)


def interactions(of: list[Row]) -> Interactions:
    """Rows whose money is a power of two, so that what a target is worth tells which rows it is made of."""
    kept = sorted(of, key=lambda row: row[:2])
    users, days, items, weights = (np.array(column) for column in zip(*kept, strict=True))
    return Interactions(
        users=users,
        items=items,
        times=days * DAY,
        weights=weights,
        values=2.0 ** np.arange(len(kept)),
        n_users=N_USERS,
        n_items=N_ITEMS,
    )


RULES: list[Rule] = [
    LastDays(days=5),
    LastDays(days=5, relevant=3.0),
    LeaveLastOut(),
    LeaveLastOut(kept_back=0, relevant=3.0),
    LeaveLastOut(kept_back=2),
    NewUsers(folds=2),
    NewUsers(folds=3, nth=1, share=0.5, relevant=3.0),
    LateItems(days=5),
    HiddenItems(share=0.3),
    ShareOfEach(share=0.3),
]


def parts_or_none(rule: Rule, data: Interactions) -> Parts | None:
    try:
        return rule.hold_out(data)
    except BadInputError:
        return None


def rows_of(money: float) -> set[float]:
    return {2.0**place for place in range(int(money).bit_length()) if int(money) >> place & 1}


def targets(parts: Parts) -> set[float]:
    return {row for money in parts.asked.values for row in rows_of(money)}


@pytest.mark.parametrize("rule", RULES, ids=repr)
@given(of=rows)
@settings(max_examples=30, deadline=None)
def test_no_target_is_learned_from_nor_known(rule: Rule, of: list[Row]) -> None:
    data = interactions(of)
    parts = parts_or_none(rule, data)
    if parts is None:
        return
    asked = targets(parts)
    assert asked
    assert not asked & set(parts.train.values)
    assert not asked & set(parts.past.values)
    money = dict(zip(data.values, data.users, strict=True))
    for user, value in zip(
        np.repeat(parts.asked.users, parts.asked.targets.lengths()), parts.asked.values, strict=True
    ):
        assert {money[row] for row in rows_of(value)} == {user}


@pytest.mark.parametrize("rule", RULES, ids=repr)
@given(of=rows)
@settings(max_examples=30, deadline=None)
def test_validation_never_sees_the_test(rule: Rule, of: list[Row]) -> None:
    parts = parts_or_none(rule, interactions(of))
    twin = None if parts is None else parts_or_none(rule.twin, parts.past)
    if parts is None or twin is None:
        return
    assert not targets(parts) & (targets(twin) | set(twin.train.values) | set(twin.past.values))


@pytest.mark.parametrize("rule", RULES, ids=repr)
@given(of=rows)
@settings(max_examples=30, deadline=None)
def test_histories_are_what_the_user_met_before(rule: Rule, of: list[Row]) -> None:
    data = interactions(of)
    parts = parts_or_none(rule, data)
    if parts is None:
        return
    when = dict(zip(data.values, np.arange(len(data)), strict=True))
    asked = parts.asked
    for row, (user, history) in enumerate(zip(asked.users, asked.histories, strict=True)):
        assert len(history) > 0
        mine = data.where(data.users == user)
        money = asked.values[slice(*asked.targets.offsets[row : row + 2])]
        oldest = min(when[one] for value in money for one in rows_of(value))
        before = [item for item, one in zip(mine.items, mine.values, strict=True) if when[one] < oldest]
        if isinstance(rule, ShareOfEach):
            assert not set(money) & set(parts.train.values)
        else:
            assert history.tolist() == before[: len(history)]


@pytest.mark.parametrize("rule", [LastDays(days=5), LateItems(days=5)], ids=repr)
@given(of=rows)
@settings(max_examples=30, deadline=None)
def test_by_time_everything_learned_from_is_older(rule: Rule, of: list[Row]) -> None:
    data = interactions(of)
    parts = parts_or_none(rule, data)
    if parts is None:
        return
    when = dict(zip(data.values, data.times, strict=True))
    assert parts.train.times.max() < min(when[row] for row in targets(parts))


@given(of=rows)
@settings(max_examples=30, deadline=None)
def test_new_users_are_never_learned_from(of: list[Row]) -> None:
    data = interactions(of)
    asked = []
    for nth in range(3):
        parts = parts_or_none(NewUsers(folds=3, nth=nth), data)
        if parts is not None:
            assert not set(parts.asked.users) & set(parts.train.users)
            asked += parts.asked.users.tolist()
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("rule", [LateItems(days=5), HiddenItems(share=0.3)], ids=repr)
@given(of=rows)
@settings(max_examples=30, deadline=None)
def test_new_items_are_never_learned_from(rule: Rule, of: list[Row]) -> None:
    parts = parts_or_none(rule, interactions(of))
    if parts is not None:
        assert not set(parts.asked.targets.items) & set(parts.train.items)
        assert not set(parts.asked.targets.items) & set(parts.asked.histories.items)


def test_leave_last_out_by_hand() -> None:
    data = interactions([(0, day, day, 1.0) for day in range(5)] + [(1, 0, 6, 1.0)])
    parts = LeaveLastOut().hold_out(data)
    assert parts.train.items.tolist() == [0, 1, 2, 6]
    assert list(parts.asked.histories[0]) == [0, 1, 2, 3]
    assert parts.asked.targets.items.tolist() == [4]
    validation = LeaveLastOut().twin.hold_out(parts.past)
    assert list(validation.asked.histories[0]) == [0, 1, 2]
    assert validation.asked.targets.items.tolist() == [3]
    assert validation.train.items.tolist() == [0, 1, 2, 6]


def test_rows_after_the_last_answer_are_left_out() -> None:
    data = interactions([(0, 0, 0, 5.0), (0, 1, 1, 1.0), (0, 2, 2, 5.0), (0, 3, 3, 5.0), (0, 4, 4, 1.0)])
    parts = LeaveLastOut(relevant=5.0).hold_out(data)
    assert parts.asked.targets.items.tolist() == [3]
    assert list(parts.asked.histories[0]) == [0, 1, 2]
    assert parts.train.items.tolist() == [0, 1]


def test_new_users_by_hand() -> None:
    data = interactions([(user, day, day, 1.0) for user in range(4) for day in range(5)])
    parts = NewUsers(folds=2, share=0.4).hold_out(data)
    assert len(parts.asked) == 2
    assert all(list(history) == [0, 1, 2] for history in parts.asked.histories)
    assert all(list(row) == [3, 4] for row in parts.asked.targets)


def test_given_rows_are_the_test() -> None:
    data = interactions([(0, 0, 0, 1.0), (0, 1, 1, 5.0), (0, 2, 2, 1.0), (1, 3, 3, 5.0)])
    mask = np.array([False, True, True, True])
    parts = GivenRows(asked=mask, relevant=2.0).hold_out(data)
    assert parts.train.items.tolist() == [0]
    assert parts.asked.targets.items.tolist() == [1]
    assert parts.left_out == 1
    with pytest.raises(BadInputError, match="for other rows than these"):
        GivenRows(asked=mask[:2]).hold_out(data)


def test_given_questions_are_asked_of_a_model_of_everything() -> None:
    data = interactions([(user, day, day, 1.0) for user in range(5) for day in range(3)])
    asked = HeldOut(
        users=np.array([9]), histories=Histories.of([[1, 2]]), targets=Histories.of([[3]]), values=np.zeros(1)
    )
    rule = GivenQuestions(asked=asked, twin=NewSessions(share=0.4))
    parts = rule.hold_out(data)
    assert len(parts.train) == len(data)
    assert parts.asked is asked
    twin = rule.twin.hold_out(parts.past)
    assert sorted(set(twin.train.users)) == [0, 1, 2]
    assert [list(history) for history in twin.asked.histories] == [[0], [0, 1], [0], [0, 1]]
    assert twin.asked.targets.items.tolist() == [1, 2, 1, 2]


def test_items_already_met_are_no_questions_where_seen_ones_are_excluded() -> None:
    of = [(0, 0, 0, 1.0), (0, 9, 0, 1.0), (0, 9, 1, 1.0), (1, 0, 2, 1.0), (1, 9, 2, 1.0)]
    parts = LastDays(days=5).hold_out(interactions(of))
    assert parts.questions(exclude_seen=False).targets.items.tolist() == [0, 1, 2]
    new = parts.questions(exclude_seen=True)
    assert new.users.tolist() == [0]
    assert new.targets.items.tolist() == [1]
    assert new.values.tolist() == [4.0]


def test_a_rule_that_would_leak_is_refused() -> None:
    data = interactions([(0, 0, 0, 1.0), (0, 1, 1, 1.0)])
    every, last = np.array([True, True]), np.array([False, True])
    with pytest.raises(BadInputError, match="asked for and known at once"):
        cut(data, train=every, known=~last, asked=last)


@pytest.mark.parametrize("rule", [*RULES, NewSessions()], ids=repr)
def test_no_data_is_refused_with_a_word(rule: Rule) -> None:
    nothing = interactions([(0, 0, 0, 1.0)]).where(np.zeros(1, np.bool_))
    with pytest.raises(BadInputError):
        rule.hold_out(nothing)


@pytest.mark.parametrize("rule", [*RULES, NewSessions()], ids=repr)
def test_one_user_is_cut_or_refused(rule: Rule) -> None:
    parts_or_none(rule, interactions([(2, day, day % N_ITEMS, 5.0) for day in range(12)]))


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: LastDays(days=0), "--days: must be above 0"),
        (lambda: NewUsers(folds=1), "--folds: must be at least 2"),
        (lambda: NewUsers(share=1.0), "--share: must lie between 0 and 1"),
    ],
)
def test_impossible_settings_are_refused(make: object, what: str) -> None:
    with pytest.raises(BadInputError, match=what):
        make()  # type: ignore[operator]


def test_a_rule_can_be_changed_in_one_setting() -> None:
    assert replace(LastDays(), days=3.0).twin == LastDays(days=3.0)
