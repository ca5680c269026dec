"""What every loss is told: the score of what was met, and those of what it is compared with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """`positive` (p,) scores of the targets; `others` (p, m) of what they are compared with.

    Where `whole`, the others are all items there are, the targets included; else they are drawn, and
    `log_counts` (m,) are the logarithms of how often each is expected among the m. `same` () says which of
    them are the target (p, m). `n_items` is the size of the catalogue.
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


Loss: TypeAlias = Callable[[Contest], Tensor]
"""Returns the loss of each example, (p,)."""
