"""Models that ask the neighbours."""

from equipoise.models.neighbours.item_knn import ItemKNN

__all__ = ["ItemKNN"]
