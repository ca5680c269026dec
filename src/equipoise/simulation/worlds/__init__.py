"""The worlds by name: each is a frozen dataclass whose `start(seed)` opens it."""

from equipoise.simulation.worlds.abrupt_drift import AbruptDrift
from equipoise.simulation.worlds.delayed_purchases import DelayedPurchases
from equipoise.simulation.worlds.gradual_drift import GradualDrift
from equipoise.simulation.worlds.linear import Linear
from equipoise.simulation.worlds.nonlinear import Nonlinear
from equipoise.simulation.worlds.position_bias import PositionBias
from equipoise.simulation.worlds.revenue import Revenue
from equipoise.simulation.worlds.same_items import SameItems
from equipoise.simulation.worlds.season import Season
from equipoise.simulation.worlds.segments import Segments
from equipoise.simulation.worlds.slates import Slates
from equipoise.simulation.worlds.sparse_clicks import SparseClicks
from equipoise.simulation.worlds.turnover import Turnover

__all__ = [
    "AbruptDrift",
    "DelayedPurchases",
    "GradualDrift",
    "Linear",
    "Nonlinear",
    "PositionBias",
    "Revenue",
    "SameItems",
    "Season",
    "Segments",
    "Slates",
    "SparseClicks",
    "Turnover",
]
