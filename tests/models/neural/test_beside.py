"""Kinds of events and the time between them are read beside the items; the kind that is asked is chosen."""

from dataclasses import replace

import numpy as np
import pytest
from tests.models.conftest import orders

from equipoise.data.histories import Histories
from equipoise.data.interactions import DAY, Interactions
from equipoise.errors import BadInputError
from equipoise.events.facts import EVENT_TYPES
from equipoise.models import GRU, GatedSASRec
from equipoise.models.neural.aims import aimed
from equipoise.models.neural.beside import N_GAPS, Beside, Codes
from equipoise.models.neural.sequence_learner import SequenceLearner
from equipoise.random import derive

CLICK, PURCHASE = EVENT_TYPES.index("click"), EVENT_TYPES.index("purchase")
HOUR = DAY // 24
TINY = GatedSASRec(
    embedding_size=16,
    dropout=0.1,
    epochs=12,
    batch_items=200,
    learning_rate=1e-2,
    averaging=0.9,
    negatives="all",
    validation_users=0,
)
N_ITEMS = 7


def told(row: list[int], kinds: list[int], times: list[int]) -> Histories:
    return Histories(np.array(row), np.array([0, len(row)]), np.array(kinds), np.array(times))


def by_kind() -> Interactions:
    """Whoever buys the item 1 wants 3 next, whoever clicks on it wants 4."""
    bought = derive(1).random(200) < 0.5
    data = orders([[0, 1, 3 if each else 4] for each in bought], N_ITEMS)
    kinds = np.stack([np.full(200, CLICK), np.where(bought, PURCHASE, CLICK), np.full(200, CLICK)], axis=1)
    return replace(data, kinds=kinds.ravel())


def by_gap() -> Interactions:
    """Whoever meets the item 1 within the hour wants 3 next, whoever comes back after a month wants 4."""
    soon = derive(1).random(200) < 0.5
    times = [[0, at := HOUR // 2 if each else 30 * DAY, at + HOUR] for each in soon]
    return orders([[0, 1, 3 if each else 4] for each in soon], N_ITEMS, times)


@pytest.mark.parametrize("learner", [TINY, GRU(dropout=0.1, averaging=0.9, epochs=30)])
def test_the_kind_of_an_event_says_what_comes_next(learner: SequenceLearner) -> None:
    fast = replace(learner, learning_rate=1e-2, batch_items=200, validation_users=0, inputs=("kinds",))
    scorer = fast.fit(by_kind(), rng=derive(2))
    bought, clicked = (told([0, 1], [CLICK, kind], [0, 1]) for kind in (PURCHASE, CLICK))
    assert scorer.top(bought, 1).items.item() == 3
    assert scorer.top(clicked, 1).items.item() == 4


def test_the_time_between_says_what_comes_next() -> None:
    scorer = replace(TINY, inputs=("gaps",)).fit(by_gap(), rng=derive(2))
    soon, late = (told([0, 1], [CLICK, CLICK], [0, gap]) for gap in (HOUR // 2, 25 * DAY))
    assert scorer.top(soon, 1).items.item() == 3
    assert scorer.top(late, 1).items.item() == 4


def test_what_is_not_told_is_not_known_and_no_error() -> None:
    scorer = replace(TINY, inputs=("kinds", "gaps"), epochs=1).fit(by_kind(), rng=derive(2))
    assert np.isfinite(scorer.score(Histories.of([[0, 1], []]))).all()


def test_only_events_of_the_kind_that_is_asked_are_targets() -> None:
    """Each user clicks on six items and buys one at the end, always 6."""
    rows = [[*derive(3, user).permutation(6).tolist(), 6] for user in range(100)]
    kinds = np.tile([CLICK] * 6 + [PURCHASE], 100)
    data = replace(orders(rows, N_ITEMS), kinds=kinds)
    asked = Histories.of([[2, 0, 1]])
    assert replace(TINY, target_kind="purchase").fit(data, rng=derive(2)).top(asked, 1).items.item() == 6
    assert TINY.fit(data, rng=derive(2)).top(asked, 1).items.item() != 6


def test_a_bought_item_that_was_clicked_on_is_asked_for_where_repeats_are() -> None:
    rows = [[item := int(derive(3, user).integers(6)), 6, item] for user in range(200)]
    data = replace(orders(rows, N_ITEMS), kinds=np.tile([CLICK, CLICK, PURCHASE], 200))
    learner = replace(TINY, target_kind="purchase", repeats=True, epochs=20)
    scorer = learner.fit(data, rng=derive(2))
    best = scorer.top(Histories.of([[item, 6] for item in range(6)]), 1, exclude_seen=False)
    assert best.items.ravel().tolist() == list(range(6))


def test_gaps_are_logarithmic_and_of_one_history_each() -> None:
    times = np.array([0, 0, 1, 7, 7 + 2**40]) * 1_000_000
    codes = Codes.of(Histories(np.zeros(5, np.int64), np.array([0, 4, 4, 5]), None, times))
    assert codes.gaps.tolist() == [0, 1, 2, 3, 0]
    assert codes.kinds.tolist() == [0] * 5
    far = Codes.of(Histories(np.zeros(2, np.int64), np.array([0, 2]), None, times[[0, 4]]))
    assert far.gaps.tolist() == [0, N_GAPS - 1]


def test_what_is_no_input_has_no_vectors() -> None:
    assert (len(Beside.start((), 4).kinds), len(Beside.start((), 4).gaps)) == (0, 0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"inputs": ("weather",)}, "inputs must be among kinds, gaps"),
        ({"target_kind": "wish"}, "target_kind must be one of view"),
    ],
)
def test_what_is_no_input_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(BadInputError, match=f"gated_sasrec: {message}"):
        replace(TINY, **wrong)  # type: ignore[arg-type]


def test_data_that_do_not_say_are_refused() -> None:
    plain = orders([[0, 1, 2]] * 20, N_ITEMS)
    with pytest.raises(BadInputError, match="inputs: the interactions have no kinds"):
        replace(TINY, inputs=("kinds",)).fit(plain, rng=derive(1))
    with pytest.raises(BadInputError, match="target_kind: the interactions have no kinds"):
        aimed(plain, "purchase")
    with pytest.raises(BadInputError, match="target_kind: none of the interactions is a cart"):
        aimed(by_kind(), "cart")
