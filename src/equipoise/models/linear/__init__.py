"""Linear models of items on items."""

from equipoise.models.linear.ease import EASE
from equipoise.models.linear.elsa import ELSA
from equipoise.models.linear.slim import SLIM
from equipoise.models.linear.slist import SLIST

__all__ = ["EASE", "ELSA", "SLIM", "SLIST"]
