"""Linear models of items on items."""

from equipoise.models.linear.ease import EASE

__all__ = ["EASE"]
