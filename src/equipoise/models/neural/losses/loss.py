"""What every loss is told: the score of what was met, and those of what it is compared with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """`positive` (p,) scores of the targets; `negative` (p, m) of what else, -inf where it is the target.

    `log_counts` (m,) are the logarithms of how often each negative is expected among the m drawn; all are
    0 where the negatives are all items there are. `n_items` is the size of the catalogue.
    """

    positive: Tensor
    negative: Tensor
    log_counts: Tensor
    n_items: int


Loss: TypeAlias = Callable[[Contest], Tensor]
"""Returns the loss of each example, (p,)."""
