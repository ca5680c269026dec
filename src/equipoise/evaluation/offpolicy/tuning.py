"""How far to shrink weights: one setting of several, by SLOPE or by the estimated mean squared error."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds
from equipoise.evaluation.offpolicy.estimators.shrinking import Shrinking
from equipoise.evaluation.offpolicy.mean_squared_error import squared_error
from equipoise.evaluation.offpolicy.slope import slope
from equipoise.evaluation.offpolicy.weighed import Weighed

S = TypeVar("S", bound=Shrinking)


def tuned(
    estimator: S, rounds: Weighed, *, by: Literal["slope", "mse"] = "mse", grid: Sequence[S] | None = None
) -> S:
    """Return `estimator` with the setting that suits `rounds`, out of `grid` (its own where None).

    The least shrunk of a grid stands for the unbiased estimate. The choice is made on the rounds that it is
    used on, so that intervals are somewhat too narrow after it.
    """
    settings = list(grid if grid is not None else estimator.grid(rounds.weights))
    if not settings:
        raise BadInputError("grid", "is empty; give at least one setting")
    terms = [setting.terms(rounds) for setting in settings]
    if by == "slope":
        return settings[slope(terms)]
    return settings[int(np.argmin([squared_error(one, terms[0]) for one in terms]))]


@dataclass(frozen=True, kw_only=True)
class Tuned(OfRounds):
    """`estimator` with the setting that suits the rounds it is asked about."""

    estimator: Shrinking
    by: Literal["slope", "mse"] = "mse"

    def terms(self, rounds: Weighed) -> Terms:
        """Return the terms of the estimator as it was set."""
        return tuned(self.estimator, rounds, by=self.by).terms(rounds)
