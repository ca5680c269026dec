"""Shoppers whose taste is known."""

from equipoise.simulation.behaviour import Behaviour, Reaction
from equipoise.simulation.environment import Era, ShopEnvironment
from equipoise.simulation.population import Population
from equipoise.simulation.run import Step, live
from equipoise.simulation.shoppers import Shoppers
from equipoise.simulation.tastes import TasteModel, Tastes
from equipoise.simulation.visits import Visit

__all__ = [
    "Behaviour",
    "Era",
    "Population",
    "Reaction",
    "ShopEnvironment",
    "Shoppers",
    "Step",
    "TasteModel",
    "Tastes",
    "Visit",
    "live",
]
