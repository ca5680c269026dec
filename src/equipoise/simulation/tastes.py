"""What shoppers like, fitted on what real ones bought.

The form is on purpose not that of any recommender here: latent tastes by a truncated singular value
decomposition of the normalised orders, a share of sales while on sale, and a usual price. How much
each counts is a logistic regression of what was bought against what was not.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.cluster.vq import kmeans2
from scipy.sparse.linalg import svds

from equipoise.data.interactions import Interactions
from equipoise.simulation.logistic import fit_logistic
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Tastes:
    """Fitted tastes of n shoppers for m items.

    `shoppers` (n, r) unit vectors, `items` (m, r), `demand` (m,) the standardised log share of sales,
    `log_prices` (m,), `usual_prices` (n,) logs, `segments` (n,) and their `centres` (s, r), and
    `weights` (3,) what affinity, demand and the gap to the usual price count in a utility.
    """

    shoppers: Floats
    items: Floats
    demand: Floats
    log_prices: Floats
    usual_prices: Floats
    segments: Ints
    centres: Floats
    weights: Floats

    def utilities(self, shoppers: Ints, items: Ints) -> Floats:
        """Return the utility of `items` (n, k) for each of `shoppers` (n,), (n, k); no unit."""
        return np.asarray(self.ingredients(shoppers, items) @ self.weights)

    def all_utilities(self, shoppers: Ints) -> Floats:
        """Return the utility of every item for each of `shoppers` (n,), (n, m)."""
        everything = np.broadcast_to(np.arange(len(self.items)), (len(shoppers), len(self.items)))
        return self.utilities(shoppers, everything)

    def ingredients(self, shoppers: Ints, items: Ints) -> Floats:
        """Return affinity, demand and price gap of `items` (n, k), (n, k, 3)."""
        gap = np.abs(self.log_prices[items] - self.usual_prices[shoppers][:, None])
        affinity = self._affinity(self.shoppers[shoppers], items)
        return np.stack((affinity, self.demand[items], np.minimum(gap, 3.0)), axis=-1)

    def drifted(self, segment: int, towards: int) -> "Tastes":
        """Return these tastes after everyone in `segment` took up the taste of someone in `towards`.

        Segments keep their numbers, so that it can be told who moved.
        """
        moved, models = self.shoppers.copy(), self.shoppers[self.segments == towards]
        members = np.flatnonzero(self.segments == segment)
        moved[members] = models[np.arange(len(members)) % len(models)]
        return replace(self, shoppers=moved)

    def largest(self) -> int:
        """Return the segment with the most shoppers."""
        return int(np.bincount(self.segments, minlength=len(self.centres)).argmax())

    def farthest(self, segment: int) -> int:
        """Return the segment whose centre is least like that of `segment`."""
        likeness = _unit(self.centres) @ _unit(self.centres[segment][None, :])[0]
        return int(likeness.argmin())

    def _affinity(self, tastes: Floats, items: Ints) -> Floats:
        """Return the arcsinh of the affinity, standardised over all items for each shopper."""
        mean = self.items.mean(axis=0)
        centred = self.items - mean
        covariance = centred.T @ centred / len(centred)
        deviation = np.sqrt(np.einsum("nr,rs,ns->n", tastes, covariance, tastes)) + 1e-9
        raw = np.einsum("nr,nkr->nk", tastes, self.items[items]) - (tastes @ mean)[:, None]
        return np.asarray(np.arcsinh(raw / deviation[:, None]))


@dataclass(frozen=True, slots=True, kw_only=True)
class TasteModel:
    """Fits `Tastes`: `rank` latent tastes, `segments` groups by k-means on the shoppers' vectors.

    Items count as on sale for at least `least_share` of all orders, lest one early sale look like a craze.
    """

    rank: int = 24
    segments: int = 6
    least_share: float = 0.05

    def fit(self, orders: Interactions, prices: Floats, *, rng: np.random.Generator) -> Tastes:
        """Fit on all `orders`; `prices` (n_items,), NaN where unknown."""
        shoppers, items = self._factors(orders.matrix(), rng)
        centres, segments = kmeans2(shoppers, self.segments, minit="++", seed=rng, iter=30)
        log_prices = np.log(np.where(prices > 0, prices, np.nanmedian(prices)))
        tastes = Tastes(
            shoppers=shoppers,
            items=items,
            demand=self._demand(orders),
            log_prices=log_prices,
            usual_prices=_usual(orders, log_prices),
            segments=segments.astype(np.int64),
            centres=centres,
            weights=np.zeros(3),
        )
        return replace(tastes, weights=_weigh(tastes, orders, rng))

    def _factors(self, met: sparse.csr_matrix, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Return shoppers (n, r) and items (m, r); the first direction, mere popularity, is left out."""
        by_shopper = 1 / np.sqrt(np.maximum(_sum(met, 1), 1))
        by_item = 1 / np.sqrt(_sum(met, 0) + 5.0)
        normal = sparse.diags(by_shopper) @ met.astype(np.float64) @ sparse.diags(by_item)
        rank = min(self.rank + 1, min(met.shape) - 1)
        left, sizes, right = svds(normal, k=rank, random_state=rng)
        order = np.argsort(-sizes)[1:]
        left, right = left[:, order] * np.sqrt(sizes[order]), right[order].T * np.sqrt(sizes[order])
        return _unit(left), right

    def _demand(self, orders: Interactions) -> Floats:
        """Return the log of each item's share of all orders since its first, standardised.

        Measured against what was sold in the same time, neither a late arrival nor a season counts.
        """
        times = np.sort(orders.times)
        first = np.full(orders.n_items, times[-1])
        np.minimum.at(first, orders.items, orders.times)
        since = len(times) - np.searchsorted(times, first)
        least = self.least_share * len(times)
        share = np.log((_sum(orders.matrix(), 0) + 1.0) / np.maximum(since, least))
        return np.asarray((share - share.mean()) / max(float(share.std()), 1e-9))


def _usual(orders: Interactions, log_prices: Floats) -> Floats:
    """Return the mean log price of what each shopper bought, the shop's where nothing was."""
    counts = np.bincount(orders.users, minlength=orders.n_users)
    totals = np.bincount(orders.users, log_prices[orders.items], orders.n_users)
    return np.where(counts > 0, totals / np.maximum(counts, 1), np.median(log_prices))


def _weigh(tastes: Tastes, orders: Interactions, rng: np.random.Generator) -> Floats:
    """Return the weights that best tell bought items from items drawn at random."""
    bought = rng.choice(len(orders), size=min(len(orders), 20_000), replace=False)
    shoppers = orders.users[bought]
    others = rng.integers(orders.n_items, size=(len(bought), 4))
    pairs = np.concatenate((orders.items[bought][:, None], others), axis=1)
    features = tastes.ingredients(shoppers, pairs).reshape(-1, 3)
    labels = np.tile([1.0, 0.0, 0.0, 0.0, 0.0], len(bought))
    return fit_logistic(features, labels)[1:]


def _sum(matrix: sparse.csr_matrix, axis: int) -> Floats:
    return np.asarray(matrix.sum(axis=axis), np.float64).ravel()


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))
