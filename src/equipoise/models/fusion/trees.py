"""Gradient-boosted trees as data: grown by LightGBM (Ke et al., 2017), kept as the text it writes."""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

from equipoise.errors import BadInputError, MissingExtraError
from equipoise.progress import report
from equipoise.types import Bools, Floats, Ints

_HELD_OUT = 0.2
"""The share of lists that say when to stop growing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """`text` of a LightGBM model."""

    text: str
    booster: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "booster", _lightgbm().Booster(model_str=self.text))

    def predict(self, features: Floats) -> Floats:
        """Return what the trees make of each row of `features`, (n,) float32."""
        return np.asarray(self.booster.predict(features, num_threads=1), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Trees of at most `leaves` leaves of at least `min_rows` rows, at most `trees` of them.

    A fifth of the lists is set aside; growth stops after `patience` trees that do not help there, and starts
    anew on all lists, up to the best number. The first `top` places are what is to be right.
    """

    trees: int = 300
    leaves: int = 7
    learning_rate: float = 0.05
    min_rows: int = 50
    patience: int = 50
    top: int = 20

    def __post_init__(self) -> None:
        counts = min(self.trees, self.min_rows, self.patience, self.top)
        if counts < 1 or self.leaves < 2 or not self.learning_rate > 0:
            raise BadInputError(
                "growth", "trees, min_rows, patience, top and learning_rate must be above 0, leaves above 1"
            )

    def grow(
        self, features: Floats, wanted: Bools, lengths: Ints, *, rng: np.random.Generator
    ) -> Trees | None:
        """Return trees that put the `wanted` (total,) rows of `features` (total, d) first in their list.

        `lengths` (n,) are those of the lists, one after another. None where fewer than two lists have
        something wanted.
        """
        of_list = np.repeat(np.arange(len(lengths)), lengths)
        telling = np.flatnonzero(np.bincount(of_list, wanted, len(lengths)) > 0)
        if len(telling) < 2:
            return None
        seed = int(rng.integers(2**31 - 1))
        aside = rng.permutation(telling)[: max(1, int(_HELD_OUT * len(telling)))]
        some = _Lists(features, wanted, of_list)
        best = self._train(some.of(np.setdiff1d(telling, aside)), some.of(aside), seed, self.trees)
        full = self._train(some.of(telling), None, seed, best.best_iteration or self.trees)
        return Trees(text=full.model_to_string())

    def _train(self, grown_on: Any, judged_on: Any, seed: int, trees: int) -> Any:
        lightgbm = _lightgbm()
        settings = {
            "objective": "lambdarank",
            "metric": "ndcg",
            "eval_at": [self.top],
            "lambdarank_truncation_level": self.top,
            "num_leaves": self.leaves,
            "learning_rate": self.learning_rate,
            "min_data_in_leaf": self.min_rows,
            "seed": seed,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
            "verbosity": -1,
        }
        watch = [lightgbm.early_stopping(self.patience, verbose=False)] if judged_on is not None else []
        return lightgbm.train(
            settings,
            grown_on,
            num_boost_round=trees,
            valid_sets=[] if judged_on is None else [judged_on],
            callbacks=[_reported(trees), *watch],
        )


@dataclass(frozen=True, slots=True)
class _Lists:
    features: Floats
    wanted: Bools
    of_list: Ints

    def of(self, lists: Ints) -> Any:
        """Return the rows of `lists` as LightGBM takes them."""
        rows = np.flatnonzero(np.isin(self.of_list, lists))
        _, lengths = np.unique(self.of_list[rows], return_counts=True)
        labels = self.wanted[rows].astype(np.float32)
        return _lightgbm().Dataset(self.features[rows], labels, group=lengths)


def _reported(trees: int) -> Any:
    def callback(environment: Any) -> None:
        report("stacking", environment.iteration + 1, trees)

    return callback


def _lightgbm() -> Any:
    try:
        return import_module("lightgbm")
    except ModuleNotFoundError as error:
        raise MissingExtraError("boost", "stacking") from error
