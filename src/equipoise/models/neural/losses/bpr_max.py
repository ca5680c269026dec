"""BPR-max (Hidasi & Karatzoglou, 2018, "Recurrent neural networks with top-k gains", equation 9)."""

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from equipoise.models.neural.losses.loss import Contest

REG = 1.0
"""How much large scores of negatives cost."""


def bpr_max(contest: Contest) -> Tensor:
    """Return -log Σ s σ(positive - negative) + `REG` Σ s negative², s the softmax of the negatives, (p,)."""
    negative = contest.negative()
    scores = negative.masked_fill(negative.isneginf(), 0.0)
    log_share = negative.log_softmax(dim=1)
    won = logsigmoid(contest.positive[:, None] - scores)
    large = (log_share.exp() * scores.square()).sum(dim=1)
    return REG * large - torch.logsumexp(log_share + won, dim=1)
