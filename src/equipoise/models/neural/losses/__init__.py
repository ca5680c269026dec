"""What a sequence model is trained to make small. PyTorch is needed."""

from collections.abc import Mapping
from types import MappingProxyType

from equipoise.models.neural.losses.bce import bce
from equipoise.models.neural.losses.bpr_max import bpr_max
from equipoise.models.neural.losses.gbce import gbce
from equipoise.models.neural.losses.loss import Contest, Loss
from equipoise.models.neural.losses.softmax import softmax

LOSSES: Mapping[str, Loss] = MappingProxyType(
    {"softmax": softmax, "bce": bce, "gbce": gbce, "bpr_max": bpr_max}
)
"""By the names that learners take."""

__all__ = ["LOSSES", "Contest", "Loss"]
