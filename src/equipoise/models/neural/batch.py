"""What a sequence model is shown at once: stretches of histories, and what is asked at their places."""

from dataclasses import dataclass

from equipoise.models.neural.beside import Codes
from equipoise.models.neural.negatives import Drawn
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """`inputs` (b, n) item codes, oldest first, filled up with `PADDING`; `lengths` (b,) without it.

    `codes` (b, n) of what is known beside the items.
    Example i of p is to predict `targets[i]` from the place numbered `asked[i]` among all b * n, and weighs
    `weights[i]`.
    """

    inputs: Ints
    codes: Codes
    lengths: Ints
    asked: Ints
    targets: Ints
    weights: Floats

    @property
    def pool(self) -> Ints:
        """The targets that negatives may be drawn from, and for."""
        return self.targets

    def mine(self, drawn: Drawn) -> Drawn:
        """Return those of `drawn`, made for the pool, that the targets are compared with."""
        return drawn
