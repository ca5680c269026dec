"""Logged rounds fit for replay: what was offered, what was shown, how likely, and what it earned."""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """t rounds, oldest first, in each of which one of m candidates was shown.

    `candidates` (t, m) item codes; `actions` (t,) the place of the one shown; `propensities` (t, m) how
    likely each was shown, 0 < p <= 1; `rewards` (t,); `content` (n_items, q) of the items; `traits` (t, r)
    of the visitors.
    """

    candidates: Ints
    actions: Ints
    propensities: Floats
    rewards: Floats
    content: Floats
    traits: Floats

    def __post_init__(self) -> None:
        t, m = self.candidates.shape
        lengths = {len(self.actions), len(self.rewards), len(self.traits)}
        if lengths != {t} or self.propensities.shape != (t, m):
            raise BadInputError(
                "log", "candidates, actions, propensities, rewards and traits disagree in shape"
            )
        if not ((self.propensities > 0) & (self.propensities <= 1)).all():
            raise BadInputError("propensities", "must lie in (0, 1]")

    def __len__(self) -> int:
        return len(self.candidates)

    def rows(self, rows: Ints) -> "Log":
        """Return the rounds at `rows`, an index array."""
        return replace(
            self,
            candidates=self.candidates[rows],
            actions=self.actions[rows],
            propensities=self.propensities[rows],
            rewards=self.rewards[rows],
            traits=self.traits[rows],
        )


def evened(log: Log, *, rng: np.random.Generator) -> Log:
    """Return the log as if candidates had been shown uniformly, by rejection (von Neumann, 1951).

    A round is kept with chance (least propensity of its candidates) / (propensity of the one shown):
    each candidate then is the one shown equally often. A uniform log is kept whole.
    """
    shown = np.take_along_axis(log.propensities, log.actions[:, None], axis=1)[:, 0]
    keep = rng.random(len(log)) < log.propensities.min(axis=1) / shown
    return log.rows(np.flatnonzero(keep))
