from typing import Any

import numpy as np
import pytest

from equipoise.data.histories import Histories
from equipoise.data.interactions import DAY, Interactions
from equipoise.errors import BadInputError
from equipoise.models import BiasedSVD
from equipoise.models.factors.calendar import Calendar
from equipoise.random import derive
from equipoise.types import Floats, Ints

N_USERS, N_ITEMS, PER_USER = 150, 40, 24


def rated(users: Ints, items: Ints, times: Ints, ratings: Floats) -> Interactions:
    order = np.lexsort((times, users))
    return Interactions(
        users=users[order],
        items=items[order],
        times=times[order],
        weights=ratings[order],
        values=np.zeros(len(order)),
        n_users=N_USERS,
        n_items=N_ITEMS,
    )


def planted(*, season: float = 0.0, noise: float = 0.1) -> tuple[Interactions, Interactions]:
    """Ratings of 3 + user + item + 2 tastes + `season` for even items of late; a fifth is held out."""
    rng = derive(21)
    users = np.repeat(np.arange(N_USERS), PER_USER)
    items = np.concatenate([rng.permutation(N_ITEMS)[:PER_USER] for _ in range(N_USERS)])
    days = rng.integers(0, 400, len(users))
    tastes, kinds = rng.normal(size=(N_USERS, 2)), rng.normal(size=(N_ITEMS, 2))
    late = (days >= 200) & (items % 2 == 0)
    ratings = 3 + rng.normal(0, 0.5, N_USERS)[users] + rng.normal(0, 0.5, N_ITEMS)[items]
    ratings += (tastes[users] * kinds[items]).sum(axis=1) + season * late
    ratings += noise * rng.normal(size=len(users))
    data = rated(users, items, days * DAY, ratings)
    test = derive(22).random(len(data)) < 0.2
    return data.where(~test), data.where(test)


def rmse(learner: BiasedSVD, train: Interactions, test: Interactions) -> float:
    scorer = learner.fit(train, rng=derive(1))
    error = scorer.predict(test.users, test.items, test.times) - test.weights
    return float(np.sqrt((error**2).mean()))


LEARNER: dict[str, Any] = {"embedding_size": 4, "epochs": 200, "learning_rate": 0.03, "cooling": 0.985}


def test_predicts_planted_tastes() -> None:
    train, test = planted()
    assert test.weights.std() > 1.3
    assert rmse(BiasedSVD(**LEARNER), train, test) < 0.5


def test_bins_of_time_find_a_season() -> None:
    train, test = planted(season=2.0)
    bins = rmse(BiasedSVD(**LEARNER, time_bins=2), train, test)
    assert bins < rmse(BiasedSVD(**LEARNER), train, test) - 0.2


def test_a_drift_finds_users_who_change() -> None:
    rng = derive(5)
    users = np.repeat(np.arange(N_USERS), PER_USER)
    items = rng.integers(0, N_ITEMS, len(users))
    days = rng.integers(0, 400, len(users))
    calendar = Calendar.of(rated(users, items, days * DAY, np.ones(len(users))), 1, 0.4)
    change = calendar.changes(users, days * DAY)
    data = rated(users, items, days * DAY, 3 + rng.normal(0, 0.2, N_USERS)[users] * change)
    test = derive(6).random(len(data)) < 0.2
    still, moving = (
        rmse(BiasedSVD(**LEARNER, drift_rate=rate), data.where(~test), data.where(test))
        for rate in (0.0, 1e-3)
    )
    assert moving < 0.6 * still


def test_changes_worked_out_by_hand() -> None:
    """Days 0 and 8 have their mean at 4: 4 ** 0.5 = 2 on either side."""
    data = rated(np.array([0, 0]), np.array([1, 2]), np.array([0, 8]) * DAY, np.array([3.0, 4.0]))
    calendar = Calendar.of(data, 4, 0.5)
    np.testing.assert_allclose(calendar.changes(np.array([0, 0]), np.array([0, 8]) * DAY), [-2, 2])
    assert calendar.bins(np.array([-1, 0, 3, 8, 99]) * DAY).tolist() == [0, 0, 1, 3, 3]


def test_strangers_get_what_is_known_of_the_rest() -> None:
    train, _ = planted()
    scorer = BiasedSVD(**LEARNER).fit(train, rng=derive(1))
    found = scorer.predict(np.array([-1, N_USERS, 0]), np.array([N_ITEMS, 3, -1]), np.zeros(3, np.int64))
    assert found[0] == scorer.mean
    assert found[1] == pytest.approx(scorer.mean + scorer.items[3, -1] + scorer.item_bins[3, 0])
    assert np.isfinite(found).all()


def test_a_history_is_scored_by_what_was_rated() -> None:
    """Who rates an item of a kind likes that kind: the rows of even users hold items of one half only."""
    rng = derive(3)
    users = np.repeat(np.arange(N_USERS), 10)
    items = (
        rng.permuted(np.tile(np.arange(20), (N_USERS, 1)), axis=1)[:, :10]
        + 20 * (np.arange(N_USERS)[:, None] % 2)
    ).ravel()
    items[::10] = rng.integers(0, N_ITEMS, N_USERS)
    ratings = np.where(items // 20 == users % 2, 5.0, 1.0)
    scorer = BiasedSVD(**LEARNER).fit(rated(users, items, np.arange(len(users)), ratings), rng=derive(1))
    best = scorer.top(Histories.of([[1, 2, 3, 4, 5], [21, 22, 23, 24, 25]]), 5).items
    assert (best // 20 == [[0], [1]]).all()


def test_lengths_that_differ_are_refused() -> None:
    scorer = BiasedSVD(epochs=1).fit(planted()[0], rng=derive(1))
    with pytest.raises(BadInputError, match="must be of one length"):
        scorer.predict(np.array([0, 1]), np.array([0]), np.array([0]))


@pytest.mark.parametrize(
    "settings", [{"epochs": 0}, {"learning_rate": 0.0}, {"cooling": 1.5}, {"reg": -1.0}, {"time_bins": 0}]
)
def test_settings_out_of_range_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="biased_svd: "):
        BiasedSVD(**settings)
