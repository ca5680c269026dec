"""Shoppers whose taste is known."""

from equipoise.simulation.behaviour import Behaviour, Reaction
from equipoise.simulation.environment import Era, ShopEnvironment
from equipoise.simulation.shoppers import Shoppers
from equipoise.simulation.tastes import TasteModel, Tastes
from equipoise.simulation.visits import Visit

__all__ = ["Behaviour", "Era", "Reaction", "ShopEnvironment", "Shoppers", "TasteModel", "Tastes", "Visit"]
