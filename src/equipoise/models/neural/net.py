"""The network of SASRec (Kang & McAuley, 2018) in PyTorch, pre-norm, with item biases."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from equipoise.models.neural.layers import Block, Linear, Norm
from equipoise.models.neural.scorer import AttentionScorer
from equipoise.types import Floats


class AttentionBlock(nn.Module):
    """One head of causal self-attention, then a feed-forward layer, each around a residual."""

    def __init__(self, size: int, dropout: float) -> None:
        super().__init__()
        self.attention_norm, self.feed_norm = nn.LayerNorm(size), nn.LayerNorm(size)
        self.query, self.key, self.value = (nn.Linear(size, size) for _ in range(3))
        self.out = nn.Linear(size, size)
        self.widen, self.narrow = nn.Linear(size, 2 * size), nn.Linear(2 * size, size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, allowed: Tensor) -> Tensor:
        """Return (b, length, size) for the same; `allowed` (b, length, length)."""
        normed = self.attention_norm(x)
        likeness = self.query(normed) @ self.key(normed).transpose(1, 2) / x.shape[-1] ** 0.5
        weights = self.dropout(likeness.masked_fill(~allowed, -torch.inf).softmax(dim=-1))
        x = x + self.dropout(self.out(weights @ self.value(normed)))
        fed: Tensor = x + self.dropout(self.narrow(relu(self.widen(self.feed_norm(x)))))
        return fed

    def exported(self) -> Block:
        """Return the block as arrays."""
        return Block(
            attention_norm=_norm(self.attention_norm),
            query=_linear(self.query),
            key=_linear(self.key),
            value=_linear(self.value),
            out=_linear(self.out),
            feed_norm=_norm(self.feed_norm),
            widen=_linear(self.widen),
            narrow=_linear(self.narrow),
        )


class AttentionNet(nn.Module):
    """Items in, one vector a place out; an item's score is its vector's product with it, plus a bias."""

    def __init__(self, vectors: Floats, bias: Floats, *, length: int, blocks: int, dropout: float) -> None:
        super().__init__()
        size = vectors.shape[1]
        # The extra row is the padding; it is masked wherever it could be seen.
        padded = np.concatenate([vectors, np.zeros((1, size), np.float32)])
        self.items = nn.Embedding(len(padded), size, _weight=torch.from_numpy(padded))
        self.bias = nn.Parameter(torch.from_numpy(bias.astype(np.float32)))
        self.places = nn.Parameter(torch.zeros(length, size))
        self.blocks = nn.ModuleList(AttentionBlock(size, dropout) for _ in range(blocks))
        self.norm = nn.LayerNorm(size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, inputs: Tensor, allowed: Tensor) -> Tensor:
        """Return (b, length, size) for `inputs` (b, length) item codes, -1 (the last row) for padding."""
        found = self.items(inputs % self.items.num_embeddings)
        x: Tensor = self.dropout(found * found.shape[-1] ** 0.5 + self.places)
        for block in self.blocks:
            x = block(x, allowed)
        normed: Tensor = self.norm(x)
        return normed

    def logits(self, vectors: Tensor) -> Tensor:
        """Return the score of every item, (p, n_items), for `vectors` (p, size)."""
        found: Tensor = vectors @ self.items.weight[:-1].T + self.bias
        return found

    def exported(self) -> AttentionScorer:
        """Return the network as it is now, as arrays."""
        return AttentionScorer(
            items=_array(self.items.weight[:-1]),
            bias=_array(self.bias),
            places=_array(self.places),
            blocks=tuple(block.exported() for block in self.blocks),  # type: ignore[operator]
            norm=_norm(self.norm),
        )


def _array(tensor: Tensor) -> Floats:
    return np.ascontiguousarray(tensor.detach().numpy().copy())


def _linear(layer: nn.Linear) -> Linear:
    return Linear(_array(layer.weight.T), _array(layer.bias))


def _norm(layer: nn.LayerNorm) -> Norm:
    return Norm(_array(layer.weight), _array(layer.bias))
