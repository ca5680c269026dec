"""Factor models: an item is a short vector, a history is folded in to another, a score is their product."""

from equipoise.models.factors.als import ALS

__all__ = ["ALS"]
