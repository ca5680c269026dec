"""Factor models: an item is a short vector, a history is folded in to another, a score is their product."""

from equipoise.models.factors.als import ALS
from equipoise.models.factors.biased_svd import BiasedSVD
from equipoise.models.factors.bpr import BPR
from equipoise.models.factors.pure_svd import PureSVD

__all__ = ["ALS", "BPR", "BiasedSVD", "PureSVD"]
