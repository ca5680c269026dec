"""All that is learnt of a sequence model, and how it becomes a scorer."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.models.cosines import unit_rows
from equipoise.models.neural.backends.backend import Array
from equipoise.models.neural.beside import Beside
from equipoise.models.neural.net import Net
from equipoise.models.neural.scorer import SequenceScorer
from equipoise.types import Bools, Floats

SCALE = 10.0
"""How much a cosine of 1 counts at the start of training."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """`items` (n_items, d) an item's own vector, `terms` (n_terms, d) that of each word or attribute.

    `bias` (n_items,); `log_scale` (1,) of what cosines are multiplied by; `beside` has the vectors of what is
    known beside the items, `net` reads the history.
    """

    items: Array
    terms: Array
    bias: Array
    log_scale: Array
    beside: Beside
    net: Net

    @classmethod
    def start(
        cls,
        items: Floats,
        bias: Floats,
        net: Net,
        *,
        n_terms: int,
        inputs: tuple[str, ...] = (),
        rng: np.random.Generator,
    ) -> "Weights":
        """Return the weights before training; those of the terms are small."""
        size = items.shape[1]
        return cls(
            items=items,
            terms=rng.normal(0.0, 0.3 / size**0.5, (n_terms, size)).astype(np.float32),
            bias=bias.astype(np.float32),
            log_scale=np.array([np.log(SCALE)], np.float32),
            beside=Beside.start(inputs, size),
            net=net,
        )

    def exported(
        self, content: sparse.csr_matrix | None, met: Bools, *, length: int, unit: bool
    ) -> SequenceScorer:
        """Return the scorer of these arrays. Where there is `content`, items not `met` have it alone."""
        items, bias = self.items, self.bias
        if content is not None:
            items = np.where(met[:, None], items, 0) + content @ self.terms
            bias = np.where(met, bias, np.median(bias[met]) if met.any() else 0)
        return SequenceScorer(
            items=np.ascontiguousarray(unit_rows(items) if unit else items, np.float32),
            bias=np.asarray(bias, np.float32),
            beside=self.beside,
            net=self.net,
            length=length,
            scale=float(np.exp(self.log_scale[0])) if unit else 1.0,
            unit=unit,
        )
