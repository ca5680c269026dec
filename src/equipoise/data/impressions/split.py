"""Earlier rows to learn from, later ones to be judged on: no row knows what came after another."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.impressions.rows import RankingRows
from equipoise.errors import BadInputError

DAY = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeParts:
    """Three stretches of time, one after the other."""

    train: RankingRows
    validation: RankingRows
    test: RankingRows


def by_time(
    rows: RankingRows, *, validation: float = 0.15, test: float = 0.15, gap_days: float = 0.0
) -> TimeParts:
    """Cut `rows` at two moments, so that about these shares come after each.

    Rows of one moment stay together. `gap_days` is how long it takes until a target is known: rows less than
    that before a cut are left out, for their targets would tell of what is after it.
    """
    early, rest = before_and_after(rows, share=validation + test, gap_days=gap_days)
    middle, late = before_and_after(rest, share=test / (validation + test), gap_days=gap_days)
    return TimeParts(train=early, validation=middle, test=late)


def before_and_after(
    rows: RankingRows, *, share: float, gap_days: float = 0.0
) -> tuple[RankingRows, RankingRows]:
    """Return the rows before a moment and those from it on, about `share` of all, cut as by `by_time`."""
    if not (0 < share < 1 and gap_days >= 0):
        raise BadInputError("share", "must lie between 0 and 1, and gap_days must be at least 0")
    if len(rows) == 0:
        return rows, rows
    moment = rows.times[min(len(rows) - 1, int(np.floor((1 - share) * len(rows))))]
    return rows.known_before(int(moment), gap_days=gap_days), rows.where(rows.times >= moment)
