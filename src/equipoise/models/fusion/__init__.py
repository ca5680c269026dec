"""Models made of models."""

from equipoise.models.fusion.blend import Blend
from equipoise.models.fusion.reciprocal_rank import ReciprocalRank

__all__ = ["Blend", "ReciprocalRank"]
