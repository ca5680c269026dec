"""From and to the dictionary that Open Bandit Pipeline (Saito et al., 2021) calls bandit feedback."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.types import Floats


def from_bandit_feedback(feedback: Mapping[str, Any], predictions: Floats | None = None) -> LoggedActions:
    """Return the rounds of `feedback`; `predictions` (n, n_actions, len_list) as its regression models make.

    Positions are those that the dictionary has; the tables (n, n_actions, len_list) are read at them.
    """
    absent = [key for key in ("action", "reward", "pscore", "n_actions") if feedback.get(key) is None]
    if absent:
        raise BadInputError(
            "feedback", f"has no {absent[0]}; give the dictionary of `obtain_batch_bandit_feedback`"
        )
    actions = np.asarray(feedback["action"])
    positions = feedback.get("position")
    places = np.zeros(len(actions), np.int64) if positions is None else np.asarray(positions)
    return LoggedActions(
        actions=actions,
        rewards=np.asarray(feedback["reward"], np.float64),
        propensities=np.asarray(feedback["pscore"], np.float64),
        n_actions=int(feedback["n_actions"]),
        contexts=_maybe(feedback.get("context")),
        positions=_maybe(positions),
        logging=at_positions(feedback.get("pi_b"), places),
        predictions=at_positions(predictions, places),
    )


def to_bandit_feedback(log: LoggedActions) -> dict[str, Any]:
    """Return `log` as the dictionary; what is not known is None."""
    return {
        "n_rounds": len(log),
        "n_actions": log.n_actions,
        "context": log.contexts,
        "action_context": np.eye(log.n_actions, dtype=int),
        "action": log.actions,
        "position": log.positions,
        "reward": log.rewards,
        "pscore": log.propensities,
        "pi_b": None if log.logging is None else log.logging[:, :, None],
    }


def at_positions(table: Any, positions: Any) -> Floats | None:
    """Return `table` (n, n_actions, len_list) at the position of each round, (n, n_actions)."""
    if table is None:
        return None
    cube = np.asarray(table)
    if cube.shape[2] == 1:
        return cube[:, :, 0]
    rows: Floats = cube[np.arange(len(cube)), :, np.asarray(positions)]
    return rows


def _maybe(column: Any) -> Any:
    return None if column is None else np.asarray(column)
