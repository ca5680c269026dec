"""What a sequence model is trained to make small. PyTorch is needed."""

from collections.abc import Mapping
from types import MappingProxyType

from equipoise.models.neural.losses.bce import BCE
from equipoise.models.neural.losses.bpr_max import BPRMax
from equipoise.models.neural.losses.gbce import GBCE
from equipoise.models.neural.losses.loss import Contest, Loss
from equipoise.models.neural.losses.softmax import Softmax

LOSSES: Mapping[str, Loss] = MappingProxyType(
    {"softmax": Softmax(), "bce": BCE(), "gbce": GBCE(), "bpr_max": BPRMax()}
)
"""By the names that learners take."""

__all__ = ["LOSSES", "Contest", "Loss"]
