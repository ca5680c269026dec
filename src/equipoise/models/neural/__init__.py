"""Models of neural networks; PyTorch is needed to fit them, not to score."""

from equipoise.models.neural.sasrec import SASRec

__all__ = ["SASRec"]
