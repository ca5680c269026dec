"""Generalised binary cross-entropy (Petrov & Macdonald, 2023, "gSASRec", equation 9).

Few negatives make a network too sure of what it has seen; the exponent of the positive takes that back.
"""

from torch import Tensor
from torch.nn.functional import softplus

from equipoise.models.neural.losses.loss import Contest

CALIBRATION = 0.75
"""0 is plain binary cross-entropy, 1 gives calibrated probabilities; the paper's own default."""


def gbce(contest: Contest) -> Tensor:
    """Return -(β log σ(positive) + sum of log(1 - σ(negative))) / (m + 1), (p,)."""
    m = contest.others.shape[1]
    rate = min(m / max(contest.n_items - 1, 1), 1.0)
    beta = rate * (CALIBRATION * (1 - 1 / rate) + 1 / rate)
    return (beta * softplus(-contest.positive) + softplus(contest.negative()).sum(dim=1)) / (m + 1)
