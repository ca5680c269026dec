"""What a policy learns from: the shown items, what they earned, and how likely they were shown."""

from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedFeedback:
    """n rows, one for each piece of news about a shown item.

    `items` (n,) codes; `features` (n, d) as they were at the decision; `positions` (n,) from 0;
    `propensities` (n,) in (0, 1]; `rewards` (n,) what is newly earned; `impressions` (n,) 1 the
    first time the impression is counted, 0 when the row only brings a late reward for one already
    counted. Rewards of one impression add up over its rows.

    `by_expert` (n, e), where the policy that decided was a mixture of e others: the probability of the
    action under each of them, given those above; all 0 in a row of which it is not known.
    """

    items: Ints
    features: Floats
    positions: Ints
    propensities: Floats
    rewards: Floats
    impressions: Floats
    by_expert: Floats | None = None

    def __post_init__(self) -> None:
        lengths = {len(self.features), len(self.positions), len(self.propensities), len(self.rewards)}
        told = len(self.items) if self.by_expert is None else len(self.by_expert)
        if lengths | {len(self.impressions), told} != {len(self.items)}:
            raise BadInputError("feedback", "items, features, positions, … differ in length")
        if len(self.items) and not ((self.propensities > 0) & (self.propensities <= 1)).all():
            raise BadInputError("propensities", "must lie in (0, 1]")
        if not (np.isfinite(self.features).all() and np.isfinite(self.rewards).all()):
            raise BadInputError("feedback", "features and rewards must be finite numbers")
        if len(self.items) and min(self.items.min(), self.positions.min()) < 0:
            raise BadInputError("feedback", "items and positions must not be negative")

    def __len__(self) -> int:
        return len(self.items)
