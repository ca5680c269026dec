"""What a sequence model is trained to make small."""

from torch import Tensor
from torch.nn.functional import cross_entropy


def softmax_loss(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Return the weighted mean over p examples of -log P(target) under a softmax over all items.

    `logits` (p, n_items), `targets` and `weights` (p,).
    """
    each = cross_entropy(logits, targets, reduction="none")
    return (each * weights).sum() / weights.sum()
