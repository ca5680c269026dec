"""Gradient-boosted trees (LightGBM, Ke et al., 2017), one forest a target, kept as the text that the library
writes.

Categories of many ids are left to it as numbers of how often and with what success they were met only where
the rows hold such counts: a column of more than `most_codes` ids is left out, for the trees only learn it by
heart.
"""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

from equipoise.data.impressions.rows import RankingRows
from equipoise.data.impressions.schema import Schema
from equipoise.data.impressions.split import before_and_after
from equipoise.errors import BadInputError, MissingExtraError
from equipoise.models.rankers.probabilities import inside, prior_logits, sigmoid
from equipoise.models.space import Between, Whole, tunable
from equipoise.progress import report
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class TreesRanker:
    """`texts` of one LightGBM model a target, "" for the mean alone; `prior` (targets,) are the means'
    logits.
    """

    schema: Schema
    columns: Ints
    texts: tuple[str, ...]
    prior: Floats
    boosters: tuple[Any, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        grown = tuple(_lightgbm().Booster(model_str=text) if text else None for text in self.texts)
        object.__setattr__(self, "boosters", grown)

    def predict(self, rows: RankingRows) -> Floats:
        """Return the probability of each target of each row, (n, targets)."""
        self.schema.check_same(rows.schema)
        found = np.tile(sigmoid(self.prior), (len(rows), 1))
        features = _features(rows, self.columns)
        for at, booster in enumerate(self.boosters):
            if booster is not None and len(rows):
                found[:, at] = booster.predict(features, num_threads=1)
        return inside(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class LightGBM:
    """At most `trees` trees of `leaves` leaves of at least `min_rows` rows, each on a share of columns and
    rows.

    The newest `validation` share of the rows stops growth, `patience` trees after the best; then the forest
    is grown anew on all rows, up to that size.
    """

    trees: int = 1000
    leaves: int = tunable(31, Whole(4, 255, log=True))
    learning_rate: float = tunable(0.05, Between(0.01, 0.3, log=True))
    min_rows: int = tunable(50, Whole(5, 1000, log=True))
    l2: float = tunable(1.0, Between(1e-3, 100.0, log=True))
    columns: float = tunable(0.6, Between(0.2, 1.0))
    most_codes: int = tunable(1000, Whole(10, 1_000_000, log=True))
    patience: int = 50
    validation: float = 0.1

    def __post_init__(self) -> None:
        if min(self.trees, self.min_rows, self.patience) < 1 or self.leaves < 2 or self.most_codes < 0:
            raise BadInputError(
                "lightgbm", "trees, min_rows and patience must be at least 1, leaves 2, most_codes 0"
            )
        if not (
            self.learning_rate > 0 and self.l2 >= 0 and 0 < self.columns <= 1 and 0 < self.validation < 1
        ):
            raise BadInputError(
                "lightgbm", "learning_rate must be above 0, l2 0 or more, columns and validation in (0, 1)"
            )

    def fit(self, rows: RankingRows, *, rng: np.random.Generator) -> TreesRanker:
        """Grow the forests; raise `MissingExtraError` without LightGBM."""
        _lightgbm()
        d = len(rows.schema.numeric)
        kept = [d + at for at, size in enumerate(rows.schema.sizes) if size <= self.most_codes]
        columns = np.array([*range(d), *kept], np.int64)
        seed = int(rng.integers(2**31 - 1))
        texts = []
        for at, name in enumerate(rows.schema.targets):
            texts.append(self._forest(rows, at, columns, seed))
            report("lightgbm", at + 1, len(rows.schema.targets), name)
        return TreesRanker(
            schema=rows.schema, columns=columns, texts=tuple(texts), prior=prior_logits(rows.targets)
        )

    def _forest(self, rows: RankingRows, target: int, columns: Ints, seed: int) -> str:
        early, late = before_and_after(rows, share=self.validation)
        if not (_both(early, target) and _both(late, target) and len(columns)):
            return ""
        best = self._grown(early, late, target, columns, seed, self.trees)
        whole = self._grown(rows, None, target, columns, seed, best.best_iteration or self.trees)
        return str(whole.model_to_string())

    def _grown(
        self, rows: RankingRows, judged: RankingRows | None, target: int, columns: Ints, seed: int, trees: int
    ) -> Any:
        library = _lightgbm()
        categories = np.flatnonzero(columns >= len(rows.schema.numeric)).tolist()
        grown_on, *watched = [
            library.Dataset(
                _features(part, columns),
                np.ascontiguousarray(part.targets[:, target]),
                categorical_feature=categories,
            )
            for part in (rows, judged)
            if part is not None
        ]
        watch = [library.early_stopping(self.patience, verbose=False)] if watched else []
        return library.train(
            self._settings(seed), grown_on, num_boost_round=trees, valid_sets=watched, callbacks=watch
        )

    def _settings(self, seed: int) -> dict[str, Any]:
        return {
            "objective": "binary",
            "learning_rate": self.learning_rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.min_rows,
            "lambda_l2": self.l2,
            "feature_fraction": self.columns,
            "bagging_fraction": 0.8,
            "bagging_freq": 1,
            "seed": seed,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
            "verbosity": -1,
        }


def _features(rows: RankingRows, columns: Ints) -> Floats:
    """Return numeric columns, then codes, of which LightGBM takes negative ones for missing, (n, columns)."""
    d = len(rows.schema.numeric)
    parts = (rows.numeric[:, columns[columns < d]], rows.categorical[:, columns[columns >= d] - d])
    return np.concatenate([part.astype(np.float32) for part in parts], axis=1)


def _both(rows: RankingRows, target: int) -> bool:
    return bool(0 < rows.targets[:, target].sum() < len(rows))


def _lightgbm() -> Any:
    try:
        return import_module("lightgbm")
    except ModuleNotFoundError as error:
        raise MissingExtraError("boost", "the ranker lightgbm") from error
