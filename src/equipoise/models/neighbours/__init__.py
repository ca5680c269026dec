"""Models that ask the neighbours."""

from equipoise.models.neighbours.borrowed_rules import BorrowedRules
from equipoise.models.neighbours.item_knn import ItemKNN
from equipoise.models.neighbours.sequential_rules import SequentialRules
from equipoise.models.neighbours.session_blend import SessionBlend
from equipoise.models.neighbours.session_knn import SessionKNN

__all__ = ["BorrowedRules", "ItemKNN", "SequentialRules", "SessionBlend", "SessionKNN"]
