"""What a log holds of what the target would do: counts by action, and how sure the logging policy was."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.special import chdtrc

from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.evaluation.offpolicy.target import Target
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """`logged` (s,) rounds that took each of the actions `codes` (s,), `mass` (s,) the target gives them.

    `expected` (s,) is how many the logging policy should have taken, None where its other chances are not
    known, and `mass` None where the target's are not. `certain` of the `rounds` left no choice.
    """

    codes: Ints
    logged: Floats
    mass: Floats | None
    expected: Floats | None
    certain: int
    rounds: int

    @classmethod
    def of(cls, log: LoggedActions, target: Target) -> Self:
        """Return what `log` holds of `target`."""
        return cls(
            codes=np.arange(log.n_actions),
            logged=np.bincount(log.actions, minlength=log.n_actions).astype(np.float64),
            mass=None if target.all is None else target.all.sum(axis=0, dtype=np.float64),
            expected=None if log.logging is None else log.logging.sum(axis=0, dtype=np.float64),
            certain=int((log.propensities >= 1.0).sum()),
            rounds=len(log),
        )

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """Return the support of a log from that of its pieces, whatever actions each has met."""
        parts = list(parts)
        codes, places = np.unique(np.concatenate([part.codes for part in parts]), return_inverse=True)

        def summed(name: str) -> Floats | None:
            columns = [getattr(part, name) for part in parts]
            if any(column is None for column in columns):
                return None
            total: Floats = np.bincount(places, weights=np.concatenate(columns), minlength=len(codes)) + 0.0
            return total

        logged = summed("logged")
        assert logged is not None
        return cls(
            codes=codes,
            logged=logged,
            mass=summed("mass"),
            expected=summed("expected"),
            certain=sum(part.certain for part in parts),
            rounds=sum(part.rounds for part in parts),
        )

    def unlogged(self) -> float | None:
        """Return the share of the target's choices that fall on actions never logged."""
        if self.mass is None or self.mass.sum() == 0.0:
            return None
        return float(self.mass[self.logged == 0.0].sum() / self.mass.sum())

    def mismatch(self) -> float | None:
        """Return how likely counts are at least as far from what they should be, by chance (chi-squared)."""
        return None if self.expected is None else ratio_mismatch(self.logged, self.expected)


def ratio_mismatch(counts: Floats, expected: Floats) -> float:
    """Return the p-value of `counts` (s,) where `expected` (s,) should be: a ratio mismatch if tiny."""
    possible = expected > 0.0
    if (counts[~possible] > 0).any():
        return 0.0
    should = expected[possible] * counts.sum() / expected.sum()
    distance = float(((counts[possible] - should) ** 2 / should).sum())
    return float(chdtrc(max(int(possible.sum()) - 1, 1), distance))
