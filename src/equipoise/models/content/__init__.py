"""Models that know items by what is said of them."""

from equipoise.models.content.content_knn import ContentKNN
from equipoise.models.content.content_regression import ContentRegression

__all__ = ["ContentKNN", "ContentRegression"]
