"""What every loss is told: the score of what was met, and those of what it is compared with."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import torch
from torch import Tensor


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


Loss: TypeAlias = Callable[[Contest], Tensor]
"""Returns the loss of each example, (p,)."""
