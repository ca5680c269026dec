"""Models of neural networks; PyTorch is needed to fit them, not to score."""

from equipoise.models.neural.caser import Caser
from equipoise.models.neural.checkpoints import checkpoints_in, checkpoints_under
from equipoise.models.neural.gated_sasrec import GatedSASRec
from equipoise.models.neural.gru import GRU
from equipoise.models.neural.lstm import LSTM
from equipoise.models.neural.sasrec import SASRec

__all__ = ["GRU", "LSTM", "Caser", "GatedSASRec", "SASRec", "checkpoints_in", "checkpoints_under"]
