import pytest

from equipoise.data.interactions import Interactions
from equipoise.random import derive
from equipoise.simulation import Shoppers
from equipoise.simulation.sessions.shop import SessionShop


@pytest.fixture(scope="session")
def shop(shoppers: Shoppers, orders: Interactions) -> SessionShop:
    return SessionShop.of(shoppers, orders, clusters=3, people=50, liked=20, rng=derive(7, "sessions"))
