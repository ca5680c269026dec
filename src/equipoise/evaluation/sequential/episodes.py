"""Logged episodes as padded arrays: a row an episode, a column a step."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from equipoise.data.experience import Experience
from equipoise.errors import BadInputError
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Episodes:
    """e episodes of up to t steps: `steps` (e, t) are rows of the log, `there` (e, t) whether there is one.

    `rewards` (e, t), and `ratios` (e, t): the target's probability of the slate over that of the log, 1
    where there is no step.
    """

    steps: Ints
    there: Bools
    rewards: Floats
    ratios: Floats
    discount: float

    @classmethod
    def of(cls, log: Experience, target: Floats, *, discount: float, first_only: bool = False) -> Self:
        """Return the episodes of `log`; `target` (n, k) is the target's P(place | those above).

        Episodes that the log does not show to the end are left out, and as those are long ones, what is
        left is too short on average where a shopper's row holds several. With `first_only`, those that each
        row begins with are taken instead, to their end or the log's: nothing is then selected by length.
        """
        if target.shape != log.places.shape:
            raise BadInputError("target", f"must be {log.places.shape}, one a position")
        found = _first(log) if first_only else _whole(log)
        if not found:
            raise BadInputError("log", "shows no episode to its end; log more steps")
        steps, there = _padded(found)
        ratio = np.prod(target / log.propensities, axis=1)
        return cls(
            steps=steps,
            there=there,
            rewards=np.where(there, log.rewards.sum(axis=1)[steps], 0.0),
            ratios=np.where(there, ratio[steps], 1.0),
            discount=discount,
        )

    @property
    def discounts(self) -> Floats:
        """What each step counts, (t,)."""
        return np.asarray(self.discount ** np.arange(self.steps.shape[1]))

    def cumulative(self) -> Floats:
        """Return the product of the ratios up to each step, (e, t)."""
        return np.cumprod(self.ratios, axis=1)


def _whole(log: Experience) -> list[Ints]:
    """Return the rows of each episode that ends in the log."""
    order = np.argsort(log.shoppers, kind="stable")
    ends = np.flatnonzero(log.done[order])
    firsts = np.r_[0, np.flatnonzero(np.diff(log.shoppers[order])) + 1]
    begins = np.union1d(firsts, ends + 1)
    return [order[begins[np.searchsorted(begins, end, side="right") - 1] : end + 1] for end in ends]


def _first(log: Experience) -> list[Ints]:
    """Return the rows of the episode that each shopper's rows begin with."""
    order = np.argsort(log.shoppers, kind="stable")
    rows = np.split(order, np.flatnonzero(np.diff(log.shoppers[order])) + 1)
    return [each[: int(np.argmax(log.done[each])) + 1] if log.done[each].any() else each for each in rows]


def _padded(rows: list[Ints]) -> tuple[Ints, Bools]:
    lengths = np.array([len(each) for each in rows])
    there = np.arange(lengths.max()) < lengths[:, None]
    steps = np.zeros(there.shape, np.int64)
    steps[there] = np.concatenate(rows)
    return steps, there
