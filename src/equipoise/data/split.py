"""A split by time: models learn from what came strictly before an instant, and are asked what came after."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.interactions import DAY, Interactions
from equipoise.errors import BadInputError
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Questions with known answers: n users, what they had met, and what they met next.

    `users` (n,) codes; `histories` n, oldest first, all before the split; `targets` n, distinct
    items after it in order of appearance, at least one each; `values` (total,) the money spent on
    each target after the split.
    """

    users: Ints
    histories: Histories
    targets: Histories
    values: Floats

    def __len__(self) -> int:
        return len(self.users)

    def first(self, n: int) -> "HeldOut":
        """Return at most `n` questions, the first ones."""
        return self.take(np.arange(min(n, len(self))))

    def take(self, rows: Ints) -> "HeldOut":
        """Return the questions at `rows`, in that order."""
        places = [np.arange(*self.targets.offsets[row : row + 2]) for row in rows]
        return HeldOut(
            users=self.users[rows],
            histories=self.histories.take(rows),
            targets=self.targets.take(rows),
            values=self.values[np.concatenate([np.empty(0, np.int64), *places])],
        )

    def of_new_items(self, n_items: int) -> "HeldOut":
        """Return the questions without the targets in the history, and without those that lose them all."""
        met = self.histories.rows() * n_items + self.histories.items
        rows = self.targets.rows()
        new = ~np.isin(rows * n_items + self.targets.items, met)
        left = np.bincount(rows[new], minlength=len(self))
        asked = HeldOut(
            users=self.users,
            histories=self.histories,
            targets=Histories(self.targets.items[new], np.concatenate(([0], np.cumsum(left)))),
            values=self.values[new],
        )
        return asked.take(np.flatnonzero(left))


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """`train` lies strictly before `at`; the answers lie at or after it.

    `unseen` asks only for items that were not in the user's history, `every` for repeats too.
    `first`, `at`, `last` are microseconds UTC of the oldest row, the split and the newest row.
    `left_out` users came only after the split and so have no history to score.
    """

    train: Interactions
    unseen: HeldOut
    every: HeldOut
    first: int
    at: int
    last: int
    left_out: int

    def describe(self) -> dict[str, str | int]:
        """Return dates and sizes, fit for a table or JSON."""
        return {
            "train_from": _date(self.first),
            "test_from": _date(self.at),
            "test_to": _date(self.last),
            "train_interactions": len(self.train),
            "train_users": len(np.unique(self.train.users)),
            "train_items": len(np.unique(self.train.items)),
            "test_users": len(self.unseen),
            "test_targets": len(self.unseen.targets.items),
            "test_users_with_repeats": len(self.every),
            "test_targets_with_repeats": len(self.every.targets.items),
            "users_without_history": self.left_out,
        }


def split_by_time(interactions: Interactions, at: int) -> Split:
    """Split at the instant `at` (microseconds UTC); raise `BadInputError` where a side is empty.

    The answers are the rows that weigh most: purchases, where clicks are among the interactions.
    """
    before = interactions.times < at
    if before.all() or not before.any():
        raise BadInputError("at", f"{_date(at)} leaves nothing on one side; choose a time inside the data")
    train, after = interactions.where(before), interactions.where(~before)
    known = np.bincount(train.users, minlength=train.n_users) > 0
    test = after.where(known[after.users] & (after.weights == interactions.weights.max()))
    return Split(
        train=train,
        unseen=held_out(train, test.where(~_repeats(train, test))),
        every=held_out(train, test),
        first=int(interactions.times.min()),
        at=at,
        last=int(interactions.times.max()),
        left_out=len(np.unique(after.users[~known[after.users]])),
    )


def days_before_end(interactions: Interactions, days: float) -> int:
    """Return the instant `days` before the newest interaction, microseconds UTC."""
    if len(interactions) == 0:
        raise BadInputError("interactions", "there are none; ingest purchases first")
    return int(interactions.times.max() - days * DAY)


def _repeats(train: Interactions, test: Interactions) -> Bools:
    return np.isin(_pairs(test), _pairs(train))


def _pairs(rows: Interactions) -> Ints:
    return rows.users * rows.n_items + rows.items


def held_out(train: Interactions, test: Interactions) -> HeldOut:
    """Return what is asked of the users of `test`: the histories are of `train`, the targets of `test`."""
    pairs, first, group = np.unique(_pairs(test), return_index=True, return_inverse=True)
    money: Floats = np.bincount(group, test.values, len(pairs)).astype(np.float64)
    order = np.argsort(first)
    users, counts = np.unique(test.users[first], return_counts=True)
    return HeldOut(
        users=users,
        histories=train.histories().take(users),
        targets=Histories(test.items[first[order]], np.concatenate(([0], np.cumsum(counts)))),
        values=money[order],
    )


def _date(time: int) -> str:
    return datetime.fromtimestamp(time / 1e6, UTC).strftime("%Y-%m-%d %H:%M")
