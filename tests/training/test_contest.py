from collections.abc import Sequence

import numpy as np
import pytest

from equipoise.data.interactions import Interactions
from equipoise.data.splits import LeaveLastOut, Parts
from equipoise.errors import BadInputError
from equipoise.evaluation.ranking import Ranking
from equipoise.models import EASE, Popularity
from equipoise.random import derive
from equipoise.training.contest import Entry, Outcome, Terms, contest
from equipoise.training.standings import against_the_best, standings

N_USERS, N_ITEMS, EACH = 30, 24, 8


@pytest.fixture(scope="module")
def parts() -> Parts:
    """Two tastes of twelve items each."""
    rows = [derive(3, user).permutation(12)[:EACH] + user % 2 * 12 for user in range(N_USERS)]
    n = N_USERS * EACH
    data = Interactions(
        users=np.repeat(np.arange(N_USERS), EACH),
        items=np.concatenate(rows),
        times=np.tile(np.arange(EACH), N_USERS),
        weights=np.ones(n),
        values=np.zeros(n),
        n_users=N_USERS,
        n_items=N_ITEMS,
    )
    return LeaveLastOut().hold_out(data)


ENTRIES = (
    Entry(label="popularity", name="popularity", learner=Popularity()),
    Entry(label="ease(reg=1)", name="ease", learner=EASE(reg=1.0), settings={"reg": 1.0}),
)


def test_every_model_meets_the_same_questions_under_every_seed(parts: Parts) -> None:
    terms = Terms(ks=(3,), questions=10)
    found = list(contest(parts, ENTRIES, terms, seeds=(1, 2)))
    assert [(one.entry.label, one.seed) for one in found] == [
        (entry.label, seed) for seed in (1, 2) for entry in ENTRIES
    ]
    for one in found:
        assert one.ranking.users is not None
        np.testing.assert_array_equal(one.ranking.users, terms.asked(parts).users)
    assert len(terms.asked(parts)) == 10


def test_a_model_does_the_same_alone_and_among_others(parts: Parts) -> None:
    terms = Terms(ks=(3,))
    alone, *_ = contest(parts, ENTRIES[1:], terms, seeds=(1,))
    *_, among = contest(parts, ENTRIES, terms, seeds=(1,))
    assert alone.ranking.means() == among.ranking.means()
    assert alone.row()["settings"] == {"reg": 1.0}


def outcome(model: int, seed: int, fold: int, values: Sequence[float]) -> Outcome:
    return Outcome(
        entry=ENTRIES[model],
        seed=seed,
        fold=fold,
        ranking=Ranking(per_user={"ndcg@3": np.array(values)}, coverage={}),
        fit_seconds=1.0 + seed,
        score_seconds=0.5,
        peak_memory_mb=100.0,
    )


def test_folds_are_pooled_and_seeds_are_averaged_by_hand() -> None:
    found = standings(
        [
            outcome(0, 1, 0, [0.0, 1.0, 0.5]),
            outcome(0, 1, 1, [1.0]),
            outcome(0, 2, 0, [0.0, 0.0, 0.5]),
            outcome(0, 2, 1, [1.0]),
            outcome(1, 1, 0, [0.0, 0.1, 0.0]),
            outcome(1, 1, 1, [0.1]),
        ],
        "ndcg@3",
    )
    one, other = found
    assert one.metrics["ndcg@3"] == pytest.approx((2.5 / 4 + 1.5 / 4) / 2)
    assert one.spreads["ndcg@3"] == pytest.approx(0.25 / 2**0.5)
    assert one.per_user.tolist() == [0.0, 0.5, 0.5, 1.0]
    assert one.fit_seconds == 3.0
    assert other.spreads["ndcg@3"] == 0.0
    (test,) = against_the_best(found, "ndcg@3")
    assert (test.first, test.second) == ("ease(reg=1)", "popularity")
    assert test.difference == pytest.approx(0.05 - 0.5)


def test_one_model_or_one_user_is_not_tested() -> None:
    assert against_the_best(standings([outcome(0, 1, 0, [0.1, 0.2])], "ndcg@3"), "ndcg@3") == []
    lonely = standings([outcome(0, 1, 0, [0.1]), outcome(1, 1, 0, [0.2])], "ndcg@3")
    assert against_the_best(lonely, "ndcg@3") == []


def test_where_everything_had_been_met_there_is_nobody_to_ask() -> None:
    data = Interactions(
        users=np.zeros(4, np.int64),
        items=np.zeros(4, np.int64),
        times=np.arange(4),
        weights=np.ones(4),
        values=np.zeros(4),
        n_users=1,
        n_items=2,
    )
    parts = LeaveLastOut().hold_out(data)
    with pytest.raises(BadInputError, match="use --no-exclude-seen"):
        Terms().asked(parts)
    assert len(Terms(exclude_seen=False).asked(parts)) == 1
