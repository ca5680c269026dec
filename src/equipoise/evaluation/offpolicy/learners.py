"""Learners of scikit-learn for weights and rewards, and the rows that they learn from."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np

from equipoise.errors import BadInputError, MissingExtraError
from equipoise.evaluation.offpolicy.log import LoggedActions
from equipoise.types import Floats, Ints

Classifier: TypeAlias = Callable[[], Any]
"""Makes an unfitted classifier with `fit`, `predict_proba` and `classes_`, as those of scikit-learn."""
Regressor: TypeAlias = Callable[[], Any]
"""Makes an unfitted regressor with `fit` and `predict`, or a classifier of rewards 0 and 1."""


def scikit_learn(module: str) -> Any:
    """Return a module of scikit-learn; say which extra to install where there is none."""
    try:
        return import_module(f"sklearn.{module}")
    except ImportError as error:
        raise MissingExtraError("offpolicy", "a learned reward or weight") from error


def multinomial() -> Any:
    """Return multinomial logistic regression."""
    return scikit_learn("linear_model").LogisticRegression(max_iter=1_000)


def logistic() -> Any:
    """Return logistic regression for rewards 0 and 1."""
    return scikit_learn("linear_model").LogisticRegression(max_iter=1_000)


def ridge() -> Any:
    """Return ridge regression."""
    return scikit_learn("linear_model").Ridge()


def boosted() -> Any:
    """Return gradient-boosted trees for rewards of any size."""
    return scikit_learn("ensemble").HistGradientBoostingRegressor(random_state=0)


def boosted_classifier() -> Any:
    """Return gradient-boosted trees for two classes."""
    return scikit_learn("ensemble").HistGradientBoostingClassifier(random_state=0)


def fitted(learner: Callable[[], Any], rows: Floats, answers: Floats | Ints) -> Any:
    """Return a new `learner` fitted to `answers` (n,); refuse rounds that it can learn nothing from."""
    model = learner()
    try:
        return model.fit(rows, answers)
    except ValueError as error:
        raise BadInputError(
            "log", f"a fold of it is too little to learn from ({error}); take a longer log or another learner"
        ) from error


def with_action(log: LoggedActions, actions: Ints) -> Floats:
    """Return contexts, positions as flags, and `actions` (n,) as flags, (n, c + k + n_actions)."""
    parts = [np.eye(log.n_actions)[actions]]
    if log.positions is not None:
        parts.insert(0, np.eye(int(log.positions.max()) + 1)[log.positions])
    if log.contexts is not None:
        parts.insert(0, np.asarray(log.contexts, np.float64))
    return np.column_stack(parts)
