"""The loss of a batch: the net's vectors against those of targets and negatives, in PyTorch."""

import warnings
from dataclasses import dataclass

import numpy as np
import torch
from scipy import sparse
from torch import Tensor
from torch.nn.functional import normalize

from equipoise.models.neural.backends.on_torch import OnTorch
from equipoise.models.neural.batch import Batch
from equipoise.models.neural.losses import LOSSES, Contest, Loss
from equipoise.models.neural.negatives import NEGATIVES, Negatives
from equipoise.models.neural.scorer import ages
from equipoise.models.neural.weights import Weights
from equipoise.types import Bools, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What `loss` says of the scores, which are cosines where `unit`, and dropped as `on` has it.

    `content` (n_items, n_terms) is sparse, of no columns where nothing is known; `met` (n_items, 1) is 0 for
    items without a vector of their own. A share `id_dropout` of the items is taken for such in each batch,
    so that the terms learn to stand alone; a share `item_dropout` of the places of histories is left empty.
    """

    loss: Loss
    negatives: Negatives
    on: OnTorch
    content: Tensor
    met: Tensor
    id_dropout: float
    item_dropout: float
    unit: bool

    @classmethod
    def of(
        cls,
        *,
        loss: str,
        negatives: str,
        n_negatives: int,
        dropout: float,
        id_dropout: float,
        item_dropout: float = 0.0,
        unit: bool,
        shares: Floats,
        content: sparse.csr_matrix | None,
        met: Bools,
    ) -> "Objective":
        """Return the objective whose parts are called so; `shares` and `met` are (n_items,)."""
        return cls(
            loss=LOSSES[loss],
            negatives=NEGATIVES[negatives](shares / shares.sum(), n_negatives),
            on=OnTorch(dropout),
            content=tensor_of(content, len(met)),
            met=torch.as_tensor(met.astype(np.float32))[:, None],
            id_dropout=id_dropout,
            item_dropout=item_dropout,
            unit=unit,
        )

    def __call__(self, weights: Weights, batch: Batch, rng: np.random.Generator) -> Tensor:
        """Return the weighted mean of the loss of the examples."""
        table = self._table(weights)
        vectors = self._pointed(self._encoded(weights, table, batch), weights)
        drawn = batch.mine(self.negatives.draw(batch.pool, rng))
        targets, others = torch.as_tensor(batch.targets), torch.as_tensor(drawn.items)
        chosen, bias = (table, weights.bias) if drawn.whole else (table[others], weights.bias[others])
        contest = Contest(
            positive=(vectors * table[targets]).sum(dim=1) + weights.bias[targets],
            others=_scored(vectors, chosen, bias),
            same=lambda: targets[:, None] == others,
            log_counts=torch.as_tensor(drawn.log_counts),
            n_items=len(table),
            whole=drawn.whole,
        )
        if drawn.hardest is not None:
            contest = contest.hardest(drawn.hardest)
        shares = torch.as_tensor((batch.weights / batch.weights.sum()).astype(np.float32))
        return (self.loss(contest) * shares).sum()

    def biases(self, shares: Floats) -> Floats:
        """Return where the biases of the items start, (n_items,), told how many of the targets each is."""
        return self.loss.start(shares, self.negatives.expected(np.arange(len(shares))))

    def _table(self, weights: Weights) -> Tensor:
        """Return the vector of every item, (n_items, d)."""
        table: Tensor = weights.items
        if self.content.shape[1]:
            own = table * self.met
            if self.id_dropout:
                own = own * (torch.rand(len(table), 1) >= self.id_dropout)
            table = own + torch.sparse.mm(self.content, weights.terms)
        return normalize(table, dim=1) if self.unit else table

    def _encoded(self, weights: Weights, table: Tensor, batch: Batch) -> Tensor:
        """Return the net's vectors at the places that are asked, (p, d)."""
        x = table[torch.as_tensor(np.maximum(batch.inputs, 0))] * table.shape[1] ** 0.5
        x = weights.beside(x, batch.codes, self.on)
        if self.item_dropout:
            x = x * (torch.rand(*batch.inputs.shape, 1) >= self.item_dropout)
        vectors: Tensor = weights.net(x, ages(batch.lengths, x.shape[1]), self.on)
        return vectors.flatten(end_dim=1)[torch.as_tensor(batch.asked)]

    def _pointed(self, vectors: Tensor, weights: Weights) -> Tensor:
        if not self.unit:
            return vectors
        pointed: Tensor = normalize(vectors, dim=1) * weights.log_scale.exp()
        return pointed


def _scored(vectors: Tensor, chosen: Tensor, bias: Tensor) -> Tensor:
    """Return the scores (p, m) of `chosen` (m, d) for all of `vectors` (p, d), or of (p, m, d) for each."""
    if chosen.ndim == 2:
        return torch.addmm(bias, vectors, chosen.T)
    return (chosen @ vectors[:, :, None]).squeeze(2) + bias


def tensor_of(matrix: sparse.csr_matrix | None, n_items: int) -> Tensor:
    """Return `matrix` as a sparse tensor, (n_items, 0) where there is none."""
    if matrix is None:
        return torch.empty(n_items, 0)
    parts = (matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data)
    with warnings.catch_warnings():
        # PyTorch says that its sparse tensors are in beta; the one product they are used for is tested here.
        warnings.simplefilter("ignore", UserWarning)
        rows, columns, values = (torch.as_tensor(np.array(part)) for part in parts)
        return torch.sparse_csr_tensor(rows, columns, values.float(), size=matrix.shape)
