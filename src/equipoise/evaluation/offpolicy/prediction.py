"""Reward models that have not seen the round they speak of: cross-fitting (Chernozhukov et al., 2018)."""

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from equipoise.evaluation.offpolicy.folds import Folds
from equipoise.evaluation.offpolicy.learners import Regressor, fitted, with_action
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.progress import track
from equipoise.types import Floats, Ints


class RewardModel(Protocol):
    """Learns what every action would earn."""

    def predict(self, seen: LoggedActions, asked: LoggedActions) -> Floats:
        """Return the expected reward (n, n_actions) in the n rounds `asked`, learned from those `seen`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanRewards:
    """The mean reward of each action at each position, drawn to the mean of all by `prior` rounds of it."""

    prior: float = 100.0

    def predict(self, seen: LoggedActions, asked: LoggedActions) -> Floats:
        """Return the expected reward (n, n_actions) in the n rounds `asked`, learned from those `seen`."""
        places, of_asked = _positions(seen), _positions(asked)
        shape = (max(places.max(), of_asked.max()) + 1, seen.n_actions)
        cells = places * seen.n_actions + seen.actions
        counts = np.bincount(cells, minlength=shape[0] * shape[1])
        sums = np.bincount(cells, weights=seen.rewards, minlength=shape[0] * shape[1])
        means = (sums + self.prior * seen.rewards.mean()) / (counts + self.prior)
        table: Floats = means.reshape(shape)[of_asked].astype(np.float32)
        return table


@dataclass(frozen=True, slots=True, kw_only=True)
class RidgeRewards:
    """Ridge regression on the context for each action, drawn to the one of all actions by `reg` rounds.

    Contexts are standardised first. Knows how tastes differ by action, and needs no other library.
    """

    reg: float = 10.0

    def predict(self, seen: LoggedActions, asked: LoggedActions) -> Floats:
        """Return the expected reward (n, n_actions) in the n rounds `asked`, learned from those `seen`."""
        rows, of_asked = _standardised(seen, asked)
        everyone = _ridge(rows, seen.rewards, np.zeros(rows.shape[1]), 1.0)
        table = np.empty((len(asked), seen.n_actions), np.float32)
        for action in range(seen.n_actions):
            mine = seen.actions == action
            table[:, action] = of_asked @ _ridge(rows[mine], seen.rewards[mine], everyone, self.reg)
        return np.clip(table, seen.rewards.min(), seen.rewards.max())


def _ridge(rows: Floats, rewards: Floats, centre: Floats, reg: float) -> Floats:
    """Return the weights that fit `rewards`, at a price for being away from `centre`."""
    precision = rows.T @ rows + reg * np.eye(rows.shape[1])
    weights: Floats = np.linalg.solve(precision, rows.T @ rewards + reg * centre)
    return weights


def _standardised(seen: LoggedActions, asked: LoggedActions) -> tuple[Floats, Floats]:
    """Return a constant and the contexts of both, in units of their spread in what was seen."""
    if seen.contexts is None or asked.contexts is None:
        return np.ones((len(seen), 1)), np.ones((len(asked), 1))
    middle, spread = seen.contexts.mean(axis=0), seen.contexts.std(axis=0)
    scale = np.where(spread > 0.0, spread, 1.0)
    first, second = (
        np.column_stack((np.ones(len(log)), (log.contexts - middle) / scale)) for log in (seen, asked)
    )
    return first, second


@dataclass(frozen=True, slots=True, kw_only=True)
class Regression:
    """A learner of scikit-learn's kind on context, position and action as flags.

    A classifier stands for rewards of 0 and 1: its prediction is the chance of the higher.
    """

    learner: Regressor

    def predict(self, seen: LoggedActions, asked: LoggedActions) -> Floats:
        """Return the expected reward (n, n_actions) in the n rounds `asked`, learned from those `seen`."""
        model = fitted(self.learner, with_action(seen, seen.actions), seen.rewards)
        told = with_action(asked, np.zeros(len(asked), np.int64))
        flags, table = told[:, -asked.n_actions :], np.empty((len(asked), asked.n_actions), np.float32)
        for action in range(asked.n_actions):
            flags[:], flags[:, action] = 0.0, 1.0
            table[:, action] = _prediction(model, told)
        return table


def predicted(log: LoggedActions, model: RewardModel, folds: Folds | None = None) -> LoggedActions:
    """Return `log` with the rewards that `model` predicts, each part by what it learned from the others."""
    table = np.empty((len(log), log.n_actions), np.float32)
    bare = replace(log, predictions=None, logging=None, mixture=None)
    for rest, part in track(list((folds or Folds()).of(len(log))), "reward model"):
        table[part] = model.predict(bare.rows(rest), bare.rows(part))
    return log.with_predictions(table)


def _positions(log: LoggedActions) -> Ints:
    return np.zeros(len(log), np.int64) if log.positions is None else log.positions


def _prediction(model: Any, rows: Floats) -> Floats:
    if hasattr(model, "predict_proba"):
        chances: Floats = model.predict_proba(rows) @ model.classes_
        return chances
    values: Floats = model.predict(rows)
    return values
