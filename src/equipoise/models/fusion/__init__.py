"""Models made of models."""

from equipoise.models.fusion.blend import Blend

__all__ = ["Blend"]
