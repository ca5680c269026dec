"""Ranks all items for every user, in blocks of users, and measures the lists."""

from collections.abc import Sequence

import numpy as np

from equipoise.data.split import HeldOut
from equipoise.errors import BadInputError
from equipoise.evaluation.ranking.about import About
from equipoise.evaluation.ranking.auc import auc
from equipoise.evaluation.ranking.figures import Ranking
from equipoise.evaluation.ranking.lists import Lists
from equipoise.evaluation.ranking.metrics import of_all, of_users
from equipoise.models.dense import blocks
from equipoise.models.learner import Scorer
from equipoise.models.search.rows import best_of_rows
from equipoise.progress import track
from equipoise.types import Floats, Ints

NOTHING = About()


def evaluate_ranking(
    scorer: Scorer,
    held_out: HeldOut,
    *,
    ks: Sequence[int] = (10,),
    rng: np.random.Generator,
    exclude_seen: bool = True,
    about: About = NOTHING,
) -> Ranking:
    """Rank all items for each user of `held_out`, in blocks, and measure at each of `ks`, and by AUC.

    Equal scores are put in an order drawn for each user by `rng`, so that no model gains from the order of
    the codes. `about` adds the metrics that need its facts. Raises `BadInputError` where there is nobody
    to ask, or where `about` is of other items.
    """
    if len(held_out) == 0 or not ks or min(ks) < 1:
        raise BadInputError("k", "needs at least one user with targets, and each k at least 1")
    about.check(scorer.n_items)
    seeds = rng.integers(0, 2**64, len(held_out), np.uint64)
    parts = [
        _ranked(scorer, held_out, slice(start, stop), max(ks), seeds, exclude_seen)
        for start, stop in track(list(blocks(len(held_out), scorer.n_items)), "ranking")
    ]
    items, areas = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    measured = measure(items, held_out, scorer.n_items, ks, about=about)
    return Ranking(
        per_user=measured.per_user | {"auc": areas}, coverage=measured.coverage, users=measured.users
    )


def measure(
    items: Ints, held_out: HeldOut, n_items: int, ks: Sequence[int], *, about: About = NOTHING
) -> Ranking:
    """Measure the recommended `items` (n, at least max(ks)), best first, -1 where there are fewer."""
    lists = Lists.of(items, held_out, n_items)
    cuts = [(k, lists.cut(k)) for k in ks]
    users, all_ = of_users(about), of_all(about)
    return Ranking(
        per_user={f"{name}@{k}": metric(cut) for k, cut in cuts for name, metric in users.items()},
        coverage={f"{name}@{k}": metric(cut) for k, cut in cuts for name, metric in all_.items()},
        users=held_out.users,
    )


def _ranked(
    scorer: Scorer, held_out: HeldOut, rows: slice, k: int, seeds: Ints, exclude_seen: bool
) -> tuple[Ints, Floats]:
    """Return the best `k` items of a block of users, and their areas under the curve."""
    histories = held_out.histories[rows]
    scores = scorer.score(histories)
    seen = histories if exclude_seen else None
    items, _ = best_of_rows(scores, k, left_out=seen, seeds=seeds[rows])
    return items, auc(scores, held_out.targets[rows], seen)
