"""What was shown, as the feedback that a policy learns from."""

from collections.abc import Sequence

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.policy import Options, Slates
from equipoise.types import Floats, Ints


def chosen(values: Floats | Ints, actions: Ints) -> Floats:
    """Return the entries of `values` (n, m) at `actions` (n, k); 0 where the action is -1."""
    return np.where(actions < 0, 0, values[np.arange(len(actions))[:, None], actions])


def impressions(options: Options, slates: Slates, rewards: Floats) -> LoggedFeedback:
    """Return one row for each position that was shown and of which something is known.

    `rewards` (n, k) is what each position earned at once, NaN where nothing is known.
    """
    rows, positions = np.nonzero((slates.actions >= 0) & ~np.isnan(rewards))
    actions = slates.actions[rows, positions]
    by_expert = slates.by_expert
    return LoggedFeedback(
        items=options.items[rows, actions],
        features=options.features[rows, actions],
        positions=positions,
        propensities=slates.propensities[rows, positions],
        rewards=rewards[rows, positions],
        impressions=np.ones(len(rows)),
        by_expert=None if by_expert is None else by_expert[rows, positions],
    )


def joined(*parts: LoggedFeedback) -> LoggedFeedback:
    """Return the rows of all `parts`, in order; parts without rows may be of any width."""
    full = [part for part in parts if len(part)]
    if len(full) <= 1:
        return next(iter(full), parts[0])
    return LoggedFeedback(
        items=np.concatenate([part.items for part in full]),
        features=np.concatenate([part.features for part in full]),
        positions=np.concatenate([part.positions for part in full]),
        propensities=np.concatenate([part.propensities for part in full]),
        rewards=np.concatenate([part.rewards for part in full]),
        impressions=np.concatenate([part.impressions for part in full]),
        by_expert=_by_expert(full),
    )


def nothing() -> LoggedFeedback:
    """Return feedback of no rows."""
    codes, numbers = np.zeros(0, dtype=np.int64), np.zeros(0)
    return LoggedFeedback(
        items=codes,
        features=np.zeros((0, 0)),
        positions=codes,
        propensities=numbers,
        rewards=numbers,
        impressions=numbers,
    )


def taken(feedback: LoggedFeedback, rows: Ints) -> LoggedFeedback:
    """Return the `rows` of `feedback`, an index array."""
    return LoggedFeedback(
        items=feedback.items[rows],
        features=feedback.features[rows],
        positions=feedback.positions[rows],
        propensities=feedback.propensities[rows],
        rewards=feedback.rewards[rows],
        impressions=feedback.impressions[rows],
        by_expert=None if feedback.by_expert is None else feedback.by_expert[rows],
    )


def _by_expert(parts: Sequence[LoggedFeedback]) -> Floats | None:
    """Return what `parts` know of experts, 0 where they know nothing; None if none knows anything."""
    width = max((part.by_expert.shape[1] for part in parts if part.by_expert is not None), default=0)
    blank = [np.zeros((len(part), width)) if part.by_expert is None else part.by_expert for part in parts]
    return np.concatenate(blank) if width else None
