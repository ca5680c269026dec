"""The layers of a self-attentive network, run forward in NumPy: serving needs no deep learning library."""

from dataclasses import dataclass

import numpy as np

from equipoise.types import Bools, Floats

EPSILON = 1e-5


@dataclass(frozen=True, slots=True)
class Linear:
    """x W + b with `weight` (in, out) and `bias` (out,)."""

    weight: Floats
    bias: Floats

    def __call__(self, x: Floats) -> Floats:
        """Return (…, out) for (…, in)."""
        return x @ self.weight + self.bias


@dataclass(frozen=True, slots=True)
class Norm:
    """Layer normalisation (Ba et al., 2016) with `gain` and `shift` (d,)."""

    gain: Floats
    shift: Floats

    def __call__(self, x: Floats) -> Floats:
        """Return `x` (…, d) with mean 0 and variance 1 in the last axis, then gain and shift."""
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = np.mean(centred * centred, axis=-1, keepdims=True)
        return np.asarray(centred / np.sqrt(variance + EPSILON) * self.gain + self.shift)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One head of causal self-attention, then a feed-forward layer, each around a residual."""

    attention_norm: Norm
    query: Linear
    key: Linear
    value: Linear
    out: Linear
    feed_norm: Norm
    widen: Linear
    narrow: Linear

    def __call__(self, x: Floats, allowed: Bools, *, start: int = 0) -> Floats:
        """Return (n, length - start, d), the outputs from place `start` on, for `x` (n, length, d).

        `allowed` (n, length, length) says which place may look at which. A negative `start` counts
        from the end, so that -1 computes the last place only.
        """
        normed = self.attention_norm(x)
        query = self.query(normed[:, start:])
        likeness = query @ self.key(normed).swapaxes(1, 2) / np.float32(x.shape[-1] ** 0.5)
        weights = _softmax(np.where(allowed[:, start:], likeness, np.float32(-np.inf)))
        mixed = x[:, start:] + self.out(weights @ self.value(normed))
        return mixed + self.narrow(np.maximum(self.widen(self.feed_norm(mixed)), 0))


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def causal(present: Bools) -> Bools:
    """Return which place may look at which, (n, length, length): present ones up to itself, and itself."""
    length = present.shape[1]
    earlier = np.tril(np.ones((length, length), np.bool_))
    return np.asarray((present[:, None, :] & earlier) | np.eye(length, dtype=np.bool_))
