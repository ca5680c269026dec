"""A planted shop: three groups of shoppers, each buying mostly one group of twenty items."""

import numpy as np
import pytest

from equipoise.data.interactions import Interactions
from equipoise.random import derive
from equipoise.simulation import Shoppers, TasteModel, Tastes

PEOPLE, ITEMS, GROUPS = 300, 60, 3
SIZE = ITEMS // GROUPS


@pytest.fixture(scope="session")
def orders() -> Interactions:
    rng = derive(7, "orders")
    chance = np.linspace(2.0, 1.0, SIZE) / np.linspace(2.0, 1.0, SIZE).sum()
    own = [rng.choice(SIZE, 9, replace=False, p=chance) + SIZE * (who % GROUPS) for who in range(PEOPLE)]
    rows = [np.concatenate((rng.integers(ITEMS, size=1), row))[:9] for row in own]
    users = np.repeat(np.arange(PEOPLE), 9)
    times = np.tile(np.arange(9), PEOPLE)
    ones = np.ones(len(users))
    return Interactions(
        users=users,
        items=np.concatenate(rows),
        times=times,
        weights=ones,
        values=ones,
        n_users=PEOPLE,
        n_items=ITEMS,
    )


@pytest.fixture(scope="session")
def tastes(orders: Interactions) -> Tastes:
    prices = np.where(np.arange(ITEMS) % 2 == 0, 1.0, 4.0)
    return TasteModel(rank=2, segments=GROUPS).fit(orders, prices, rng=derive(7, "tastes"))


@pytest.fixture(scope="session")
def shoppers(tastes: Tastes) -> Shoppers:
    on_sale = np.arange(ITEMS) % SIZE >= 2
    return Shoppers.calibrated(tastes, on_sale, random_rate=0.02, best_rate=0.05, k=5)
