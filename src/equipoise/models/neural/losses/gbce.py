"""Generalised binary cross-entropy (Petrov & Macdonald, 2023, "gSASRec", equation 9).

Few negatives make a network too sure of what it has seen; the exponent of the positive takes that back.
"""

from dataclasses import dataclass

import numpy as np
from torch import Tensor
from torch.nn.functional import softplus

from equipoise.models.neural.losses.loss import Contest
from equipoise.types import Floats


@dataclass(frozen=True, slots=True)
class GBCE:
    """With `calibration` 0 plain binary cross-entropy, with 1 calibrated probabilities.

    What lies between is the paper's own default.
    """

    calibration: float = 0.75

    def __call__(self, contest: Contest) -> Tensor:
        """Return -(β log σ(positive) + sum of log(1 - σ(negative))) / (m + 1), (p,)."""
        m = contest.others.shape[1]
        met = self.exponent(m, contest.n_items) * softplus(-contest.positive)
        return (met + softplus(contest.negative()).sum(dim=1)) / (m + 1)

    def start(self, shares: Floats, counts: Floats) -> Floats:
        """Return the log-odds of being met, which counts β, against being drawn, (n_items,)."""
        return np.log(self.exponent(counts.sum(), len(counts)) * shares / counts)

    def exponent(self, m: float, n_items: int) -> float:
        """Return β of `m` negatives."""
        rate = min(m / max(n_items - 1, 1), 1.0)
        return rate * (self.calibration * (1 - 1 / rate) + 1 / rate)
