"""Binary cross-entropy of each score by itself (Kang & McAuley, 2018, equation 6)."""

from torch import Tensor
from torch.nn.functional import softplus

from equipoise.models.neural.losses.loss import Contest


def bce(contest: Contest) -> Tensor:
    """Return -(log σ(positive) + sum of log(1 - σ(negative))) / (m + 1), (p,)."""
    against = softplus(contest.negative()).sum(dim=1)
    return (softplus(-contest.positive) + against) / (contest.others.shape[1] + 1)
