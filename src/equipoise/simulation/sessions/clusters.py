"""Items in clusters of a like taste, and how shoppers went from one to another."""

from dataclasses import dataclass

import numpy as np
from scipy.cluster.vq import kmeans2

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.simulation.tastes import Tastes
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """`labels` (m,) of the items, from 0, in the order of their sales.

    `shares` (c,) are the clusters' shares of the orders, `follows` (c, c) P(cluster of the next order |
    cluster of the last) of the same shopper.
    """

    labels: Ints
    shares: Floats
    follows: Floats

    @classmethod
    def of(cls, tastes: Tastes, orders: Interactions, n: int, *, rng: np.random.Generator) -> "Clusters":
        """Group items by the direction of their taste (k-means), the one most bought first."""
        if not 2 <= n <= orders.n_items:
            raise BadInputError("clusters", f"must be from 2 to the {orders.n_items} items, not {n}")
        lengths = np.linalg.norm(tastes.items, axis=1, keepdims=True)
        found = kmeans2(tastes.items / np.maximum(lengths, 1e-12), n, minit="++", seed=rng, iter=30)[1]
        sold = np.bincount(found[orders.items], minlength=n)
        labels = np.argsort(np.argsort(-sold, kind="stable"))[found].astype(np.int64)
        return cls(
            labels=labels, shares=np.sort(sold)[::-1] / sold.sum(), follows=_follows(labels, orders, n)
        )

    def __len__(self) -> int:
        return len(self.shares)


def _follows(labels: Ints, orders: Interactions, n: int) -> Floats:
    """Return the shares of what came next, with one order of everything added."""
    same = orders.users[1:] == orders.users[:-1]
    before, after = labels[orders.items[:-1]][same], labels[orders.items[1:]][same]
    counts = 1.0 + np.bincount(before * n + after, minlength=n * n).reshape(n, n)
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))
