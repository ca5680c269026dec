"""What a policy sees of a (visitor, item) pair."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from equipoise.types import Floats

Encoding: TypeAlias = Callable[[Floats, Floats], Floats]
"""From item content (n, m, q) and visitor traits (n, r) to features (n, m, d)."""


def plain(content: Floats, traits: Floats) -> Floats:
    """Return a constant and the content: every visitor sees an item alike, d = 1 + q."""
    return np.concatenate([np.ones((*content.shape[:2], 1)), content], axis=2)


def crossed(content: Floats, traits: Floats) -> Floats:
    """Return a constant, the content, and content times trait, one by one: d = 1 + 2 q, r = q."""
    n, m, q = content.shape
    features = np.empty((n, m, 1 + 2 * q))
    features[:, :, 0] = 1.0
    features[:, :, 1 : 1 + q] = content
    np.multiply(content, traits[:, None, :], out=features[:, :, 1 + q :])
    return features


def by_trait(content: Floats, traits: Floats) -> Floats:
    """Return a constant and one copy of the content for each trait, times that trait: d = 1 + q r."""
    n, m, q = content.shape
    copies = np.einsum("nmq,nr->nmrq", content, traits).reshape(n, m, q * traits.shape[1])
    return np.concatenate([np.ones((n, m, 1)), copies], axis=2)
