"""Two towers on departments whose items tell where they belong."""

import dataclasses

import numpy as np
import pytest
import torch

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.models import TwoTower
from equipoise.models.neural.two_tower import Examples
from equipoise.random import derive

N_USERS, N_ITEMS, DEPARTMENTS = 200, 60, 4
COLD = np.arange(N_ITEMS) % 10 == 9
TAGS = ItemContent.of_tags([[f"department-{item % DEPARTMENTS}"] for item in range(N_ITEMS)])


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def data() -> Interactions:
    rng = derive(2)
    users = np.repeat(np.arange(N_USERS), 6)
    warm = np.flatnonzero(~COLD)
    items = np.array([rng.choice(warm[warm % DEPARTMENTS == user % DEPARTMENTS]) for user in users])
    n = len(users)
    return Interactions(
        users=users,
        items=items,
        times=np.tile(np.arange(6), N_USERS),
        weights=np.ones(n),
        values=np.zeros(n),
        n_users=N_USERS,
        n_items=N_ITEMS,
    )


def test_it_finds_the_department_and_scores_what_nobody_met(data: Interactions) -> None:
    learner = TwoTower(content=TAGS, embedding_size=16, epochs=8, batch_size=128, learning_rate=0.01)
    scores = learner.fit(data, rng=derive(1)).score(Histories.of([[0, 4], [1, 5], [2, 6], [3, 7]]))
    for department, row in enumerate(scores):
        own = np.arange(N_ITEMS) % DEPARTMENTS == department
        assert row[own & ~COLD].min() > row[~own & ~COLD].max()
        assert row[own & COLD].min(initial=np.inf) > row[~own & COLD].max()


def test_without_content_it_learns_from_who_met_what(data: Interactions) -> None:
    learner = TwoTower(embedding_size=16, epochs=8, batch_size=128, content_only=0.0, learning_rate=0.01)
    best = learner.fit(data, rng=derive(1)).top(Histories.of([[0, 4], [1, 5]]), 5).items
    assert (best[0] % DEPARTMENTS == 0).all()
    assert (best[1] % DEPARTMENTS == 1).all()


def test_examples_by_hand(data: Interactions) -> None:
    some = data.where(data.users < 2)
    small = dataclasses.replace(
        some, items=np.array([5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7]), users=np.repeat([0, 1], 6)
    )
    found = Examples.of(small, 0.5)
    assert len(found.targets) == 10
    assert found.targets[:2].tolist() == [6, 7]
    assert found.items[1, -2:].tolist() == [5, 6]
    assert found.weights[1].tolist() == [0, 0, 0, 0, 0.5, 1]


@pytest.mark.parametrize("settings", [{"batch_size": 1}, {"decay": 0.0}, {"temperature": 0.0}])
def test_settings_without_sense_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(BadInputError, match="must"):
        TwoTower(**settings)  # type: ignore[arg-type]


def test_content_of_another_catalogue_is_refused(data: Interactions) -> None:
    with pytest.raises(BadInputError, match="has 3 rows, the data 60 items"):
        TwoTower(content=ItemContent.of_tags([["a"], ["b"], []])).fit(data, rng=derive(1))
