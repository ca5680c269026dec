"""Softmax over all items, or its estimate from a sample (Bengio & Senécal, 2008, "logQ correction")."""

import numpy as np
import torch
from torch import Tensor

from equipoise.models.neural.losses.loss import Contest
from equipoise.types import Floats


class Softmax:
    """A negative stands for all items like it: its exponential counts once per expected draw.

    So the sum is that over the catalogue on average (less the target, which is always there and needs no
    correction).
    """

    def __call__(self, contest: Contest) -> Tensor:
        """Return -log P(target), (p,)."""
        if contest.whole:
            return contest.others.logsumexp(dim=1) - contest.positive
        rest = (contest.negative() - contest.log_counts).logsumexp(dim=1)
        return torch.logaddexp(contest.positive, rest) - contest.positive

    def start(self, shares: Floats, counts: Floats) -> Floats:
        """Return the logarithm of each item's share, (n_items,)."""
        return np.log(shares)
