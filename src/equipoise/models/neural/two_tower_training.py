"""How two towers are trained: AdamW on the corrected softmax over the items of a batch."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy import sparse
from torch import Tensor
from torch.nn.functional import cross_entropy, embedding, embedding_bag, normalize

from equipoise.models.cosines import unit_rows
from equipoise.models.neural.two_tower import Examples, TwoTowerScorer
from equipoise.progress import report
from equipoise.types import Ints

if TYPE_CHECKING:
    from equipoise.models.neural.two_tower import TwoTower


def trained(
    settings: "TwoTower", examples: Examples, content: sparse.csr_matrix, rng: np.random.Generator
) -> TwoTowerScorer:
    """Return the towers after all epochs; as they were drawn where there is no example."""
    towers = _Towers.start(content, settings.embedding_size, rng)
    optimiser = torch.optim.AdamW(towers.parameters(), lr=settings.learning_rate, weight_decay=settings.reg)
    for epoch in range(1, settings.epochs + 1):
        losses = [
            _step(settings, towers, examples, rows, optimiser, rng)
            for rows in np.array_split(
                rng.permutation(len(examples.targets)), -(-len(examples.targets) // settings.batch_size) or 1
            )
            if len(rows) > 1
        ]
        report("two_tower", epoch, settings.epochs, f"loss {np.mean(losses or [0.0]):.3f}")
    return towers.exported(settings, examples.met)


def _drawn(shape: tuple[int, ...], spread: float, rng: np.random.Generator) -> Tensor:
    return torch.from_numpy(rng.normal(0, spread, shape).astype(np.float32)).requires_grad_()


@dataclass(slots=True)
class _Bag:
    """Vectors of items, `own` (n_items, d), and of the terms that describe them, `terms` (n_terms, d)."""

    own: Tensor
    terms: Tensor
    columns: Tensor
    offsets: Tensor
    counts: Tensor

    @classmethod
    def start(cls, content: sparse.csr_matrix, size: int, rng: np.random.Generator) -> "_Bag":
        return cls(
            own=_drawn((content.shape[0], size), size**-0.5, rng),
            terms=_drawn((max(content.shape[1], 1), size), size**-0.5, rng),
            columns=torch.from_numpy(content.indices.astype(np.int64)),
            offsets=torch.from_numpy(content.indptr.astype(np.int64)),
            counts=torch.from_numpy(content.data.astype(np.float32)),
        )

    def vectors(self, share: Tensor) -> Tensor:
        """Return `share` (n_items,) of each item's own vector, plus that of its content, (n_items, d)."""
        told = embedding_bag(
            self.columns,
            self.terms,
            self.offsets,
            mode="sum",
            per_sample_weights=self.counts,
            include_last_offset=True,
        )
        return self.own * share[:, None] + told


@dataclass(slots=True)
class _Towers:
    inputs: _Bag
    outputs: _Bag
    first: Tensor

    @classmethod
    def start(cls, content: sparse.csr_matrix, size: int, rng: np.random.Generator) -> "_Towers":
        one, two = (_Bag.start(content, size, rng) for _ in range(2))
        return cls(inputs=one, outputs=two, first=_drawn((size,), 0.1 * size**-0.5, rng))

    def parameters(self) -> list[Tensor]:
        return [self.inputs.own, self.inputs.terms, self.outputs.own, self.outputs.terms, self.first]

    def exported(self, settings: "TwoTower", met: Ints) -> TwoTowerScorer:
        """Return the vectors as arrays; an item that nobody met goes by its content alone."""
        share = torch.from_numpy((met > 0).astype(np.float32))
        with torch.no_grad():
            inputs, outputs = (bag.vectors(share).numpy().copy() for bag in (self.inputs, self.outputs))
        return TwoTowerScorer(
            inputs=inputs,
            outputs=unit_rows(outputs),
            start=self.first.detach().numpy().copy(),
            decay=settings.decay,
            scale=1 / settings.temperature,
        )


def _step(
    settings: "TwoTower",
    towers: _Towers,
    examples: Examples,
    rows: Ints,
    optimiser: torch.optim.Optimizer,
    rng: np.random.Generator,
) -> float:
    loss = _loss(settings, towers, examples, rows, rng)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()
    return float(loss.detach())


def _loss(
    settings: "TwoTower", towers: _Towers, examples: Examples, rows: Ints, rng: np.random.Generator
) -> Tensor:
    targets = torch.from_numpy(examples.targets[rows])
    inputs, outputs = (
        bag.vectors(_shares(settings, examples, rng)) for bag in (towers.inputs, towers.outputs)
    )
    found = embedding(torch.from_numpy(examples.items[rows]), inputs)
    asked = (found * torch.from_numpy(examples.weights[rows])[:, :, None]).sum(1) + towers.first
    candidates = embedding(targets, outputs)
    logits = normalize(asked, dim=1, eps=1e-6) @ normalize(candidates, dim=1, eps=1e-6).T
    shares = np.bincount(examples.targets, minlength=len(examples.met)) / len(examples.targets)
    corrected = (
        logits / settings.temperature - torch.from_numpy(np.log(shares[examples.targets[rows]])).float()
    )
    # The target of another example that is the same item is no negative.
    same = (targets[:, None] == targets[None, :]) & ~torch.eye(len(rows), dtype=torch.bool)
    return cross_entropy(corrected.masked_fill(same, -torch.inf), torch.arange(len(rows)))


def _shares(settings: "TwoTower", examples: Examples, rng: np.random.Generator) -> Tensor:
    """Return for each item whether its own vector counts this time, 0 or 1, (n_items,)."""
    return torch.from_numpy((rng.random(len(examples.met)) >= settings.content_only).astype(np.float32))
