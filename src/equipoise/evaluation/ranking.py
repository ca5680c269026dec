"""How good a ranking is: every item is ranked for every user, and compared with what the user met next.

With T the user's targets, h(r) whether the item of rank r (from 1) is one, and sums over r <= k:

- recall@k     hits / size of T
- precision@k  hits / k
- hr@k         1 if there is a hit
- mrr@k        1 / rank of the first hit, 0 if there is none
- ndcg@k       sum h(r) / log2(r + 1), over the same for a perfect ranking (Jarvelin & Kekalainen, 2002)
- revenue@k    money the user spent after the split on the items recommended
- coverage@k   share of all items that were recommended to somebody (one number for all users)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.split import HeldOut
from equipoise.errors import BadInputError
from equipoise.models.dense import blocks, without
from equipoise.models.learner import Scorer, TopK
from equipoise.progress import track
from equipoise.types import Bools, Floats, Ints

NORMAL_95 = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """`per_user` maps a metric such as ndcg@10 to its value for each user, (n,); `coverage` to one number."""

    per_user: dict[str, Floats]
    coverage: dict[str, float]

    def means(self) -> dict[str, float]:
        """Return the mean of each metric over the users, and the coverage."""
        return {name: float(values.mean()) for name, values in self.per_user.items()} | self.coverage

    def interval(self, metric: str) -> tuple[float, float]:
        """Return the 95% interval of the mean of `metric` over users like these (normal)."""
        values = self.per_user[metric]
        half = NORMAL_95 * float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else np.inf
        return float(values.mean()) - half, float(values.mean()) + half


def evaluate_ranking(
    scorer: Scorer,
    held_out: HeldOut,
    *,
    ks: Sequence[int] = (10,),
    rng: np.random.Generator,
    exclude_seen: bool = True,
) -> Ranking:
    """Rank all items for each user of `held_out`, in blocks, and measure at each of `ks`.

    Equal scores are put in random order by `rng`, so that no model gains from the order of the
    codes. Raises `BadInputError` where there is nobody to ask.
    """
    if len(held_out) == 0 or not ks or min(ks) < 1:
        raise BadInputError("k", "needs at least one user with targets, and each k at least 1")
    bounds = list(blocks(len(held_out), scorer.n_items))
    tops = [
        _top(scorer, held_out.histories[start:stop], max(ks), rng, exclude_seen)
        for start, stop in track(bounds, "ranking")
    ]
    return measure(np.concatenate(tops), held_out, scorer.n_items, ks)


def measure(items: Ints, held_out: HeldOut, n_items: int, ks: Sequence[int]) -> Ranking:
    """Measure the recommended `items` (n, at least max(ks)), best first, -1 where there are fewer."""
    money = _money(items, held_out, n_items)
    hits, sizes = ~np.isnan(money), held_out.targets.lengths()
    per_user: dict[str, Floats] = {}
    for k in ks:
        per_user |= {f"{name}@{k}": values for name, values in _at(hits[:, :k], sizes, k).items()}
        per_user[f"revenue@{k}"] = np.nansum(money[:, :k], axis=1)
    coverage = {f"coverage@{k}": len(np.setdiff1d(items[:, :k], [-1])) / n_items for k in ks}
    return Ranking(per_user=per_user, coverage=coverage)


def _at(hits: Bools, sizes: Ints, k: int) -> dict[str, Floats]:
    found = hits.sum(axis=1)
    discounts = 1.0 / np.log2(np.arange(2, k + 2))
    ideal = np.concatenate(([0.0], np.cumsum(discounts)))[np.minimum(sizes, k)]
    first = np.where(found > 0, hits.argmax(axis=1) + 1.0, np.inf)
    return {
        "recall": found / sizes,
        "precision": found / k,
        "hr": (found > 0).astype(np.float64),
        "mrr": 1.0 / first,
        "ndcg": hits @ discounts[: hits.shape[1]] / ideal,
    }


def _top(scorer: Scorer, histories: Histories, k: int, rng: np.random.Generator, exclude_seen: bool) -> Ints:
    scores = scorer.score(histories)
    allowed = without(scores, histories) if exclude_seen else scores
    # Shuffling the columns makes whatever order ties are kept in a random one.
    shuffled = rng.permutation(allowed.shape[1])
    best = TopK.of(allowed[:, shuffled], k).items
    return np.where(best >= 0, shuffled[best], -1)


def _money(items: Ints, held_out: HeldOut, n_items: int) -> Floats:
    """Return the money spent on each recommended item, NaN where it is no target, (n, k)."""
    keys = held_out.targets.rows() * n_items + held_out.targets.items
    order = np.argsort(keys)
    asked = np.where(items >= 0, np.arange(len(items))[:, None] * n_items + items, -1)
    places = np.minimum(np.searchsorted(keys[order], asked), len(keys) - 1)
    found = keys[order][places] == asked
    return np.where(found, held_out.values[order][places], np.nan)
