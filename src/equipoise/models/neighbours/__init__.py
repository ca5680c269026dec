"""Models that ask the neighbours."""

from equipoise.models.neighbours.graph_filter import GraphFilter
from equipoise.models.neighbours.item_knn import ItemKNN
from equipoise.models.neighbours.rp3beta import RP3Beta
from equipoise.models.neighbours.user_knn import UserKNN

__all__ = ["GraphFilter", "ItemKNN", "RP3Beta", "UserKNN"]
