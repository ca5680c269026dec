"""Parts of a log, so that a model never predicts a round it has seen."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Folds:
    """`count` parts of about the same size, dealt out at random by `seed`."""

    count: int = 3
    seed: int = 0

    def __post_init__(self) -> None:
        if self.count < 2:
            raise BadInputError("folds", f"must be at least 2, not {self.count}")

    def of(self, n: int) -> Iterator[tuple[Ints, Ints]]:
        """Yield for each part the rounds outside it and those in it, ascending."""
        if n < self.count:
            raise BadInputError(
                "log",
                f"the {n} rounds that can be used are too few for {self.count} folds",
            )
        part = np.random.default_rng(self.seed).permutation(n) % self.count
        for fold in range(self.count):
            yield np.flatnonzero(part != fold), np.flatnonzero(part == fold)
