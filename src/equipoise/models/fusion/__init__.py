"""Models made of models."""

from equipoise.models.fusion.blend import Blend
from equipoise.models.fusion.reciprocal_rank import ReciprocalRank
from equipoise.models.fusion.stacking import Stacking

__all__ = ["Blend", "ReciprocalRank", "Stacking"]
