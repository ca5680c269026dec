"""Models that know items by what is said of them."""

from equipoise.models.content.content_knn import ContentKNN

__all__ = ["ContentKNN"]
