"""Binary cross-entropy of each score by itself (Kang & McAuley, 2018, equation 6)."""

import numpy as np
from torch import Tensor
from torch.nn.functional import softplus

from equipoise.models.neural.losses.loss import Contest
from equipoise.types import Floats


class BCE:
    """Each score says how much more likely the item is met next than drawn as a negative."""

    def __call__(self, contest: Contest) -> Tensor:
        """Return -(log σ(positive) + sum of log(1 - σ(negative))) / (m + 1), (p,)."""
        against = softplus(contest.negative()).sum(dim=1)
        return (softplus(-contest.positive) + against) / (contest.others.shape[1] + 1)

    def start(self, shares: Floats, counts: Floats) -> Floats:
        """Return the log-odds of being met against being drawn, (n_items,)."""
        return np.log(shares / counts)
