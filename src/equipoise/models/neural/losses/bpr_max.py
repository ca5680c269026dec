"""BPR-max (Hidasi & Karatzoglou, 2018, "Recurrent neural networks with top-k gains", equation 9)."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from equipoise.models.neural.losses.loss import Contest
from equipoise.types import Floats


@dataclass(frozen=True, slots=True)
class BPRMax:
    """The target is to beat the highest of the negatives; `reg` is what large scores of theirs cost."""

    reg: float = 1.0

    def __call__(self, contest: Contest) -> Tensor:
        """Return -log Σ s σ(positive - negative) + `reg` Σ s negative², (p,), s the negatives' softmax."""
        negative = contest.negative()
        scores = negative.masked_fill(negative.isneginf(), 0.0)
        log_share = negative.log_softmax(dim=1)
        won = logsigmoid(contest.positive[:, None] - scores)
        large = (log_share.exp() * scores.square()).sum(dim=1)
        return self.reg * large - torch.logsumexp(log_share + won, dim=1)

    def start(self, shares: Floats, counts: Floats) -> Floats:
        """Return zeros, (n_items,), which cost nothing: only differences of scores are asked for."""
        return np.zeros(len(shares))
