"""Models that ask the neighbours."""

from equipoise.models.neighbours.borrowed_rules import BorrowedRules
from equipoise.models.neighbours.graph_filter import GraphFilter
from equipoise.models.neighbours.item_knn import ItemKNN
from equipoise.models.neighbours.item_knn import ItemKNN
from equipoise.models.neighbours.rp3beta import RP3Beta
from equipoise.models.neighbours.sequential_rules import SequentialRules
from equipoise.models.neighbours.session_blend import SessionBlend
from equipoise.models.neighbours.session_knn import SessionKNN
from equipoise.models.neighbours.user_knn import UserKNN

__all__ = ["BorrowedRules", "GraphFilter", "ItemKNN", "ItemKNN", "RP3Beta", "SequentialRules", "SessionBlend", "SessionKNN", "UserKNN"]
