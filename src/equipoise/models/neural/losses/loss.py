"""What a loss is, and what it is told: the score of what was met, and those of what it is compared with."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor

from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """`positive` (p,) scores of the targets; `others` (p, m) of what they are compared with.

    Where `whole`, the others are all items there are, the targets included; else they are drawn, and
    `log_counts` (m,) or (p, m) are the logarithms of how often each is expected among those drawn. `same` ()
    says which of the others are the target (p, m). `n_items` is the size of the catalogue.
    """

    positive: Tensor
    others: Tensor
    same: Callable[[], Tensor]
    log_counts: Tensor
    n_items: int
    whole: bool = False

    def negative(self) -> Tensor:
        """Return `others` with -inf where one is the target, (p, m)."""
        return self.others.masked_fill(self.same(), -torch.inf)

    def hardest(self, n: int) -> "Contest":
        """Return the contest with the `n` highest of the others alone, which may differ by example.

        The target is not among them, but where there are too few others.
        """
        kept, places = self.negative().topk(min(n, self.others.shape[1]), dim=1, sorted=False)
        return replace(self, others=kept, same=kept.isneginf, log_counts=self.log_counts[places])


class Loss(Protocol):
    """What a net is trained to make small."""

    def __call__(self, contest: Contest) -> Tensor:
        """Return the loss of each example, (p,)."""
        ...

    def start(self, shares: Floats, counts: Floats) -> Floats:
        """Return the scores (n_items,) to begin with, as good as can be while histories tell nothing.

        `shares` (n_items,) are those of the items among the targets; `counts` (n_items,) how often each is
        expected among the negatives. From anywhere else all scores move the same way until they are there,
        and nothing is learnt meanwhile of who wants what.
        """
        ...
