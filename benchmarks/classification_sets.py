"""Thirty classification sets that scikit-learn holds or generates, as bandits see them.

A class is a candidate. Each has its own block of the features (a constant and the principal components,
standardised), so that a linear model has weights for every class; so many components are kept that the
blocks come to at most 200 features.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from sklearn import datasets
from sklearn.decomposition import PCA

from equipoise.policies.policy import Options, Slates
from equipoise.random import derive
from equipoise.types import Floats, Ints

LARGEST = 200
ROWS = 4_000
"""Of the generated sets."""

Data: TypeAlias = tuple[Floats, Ints]
Source: TypeAlias = Callable[[int], Data]
"""Called with a seed, returns rows and their classes; what is bundled is the same under every seed."""


def _bundled(load: Callable[..., Any], seed: int) -> Data:
    rows, classes = load(return_X_y=True)
    return rows, classes


def _digits_by(group: Mapping[int, int] | int, seed: int) -> Data:
    """Return the digits, their classes modulo a number or mapped."""
    rows, digits = datasets.load_digits(return_X_y=True)
    return rows, digits % group if isinstance(group, int) else np.array([group[digit] for digit in digits])


def _diabetes(classes: int, seed: int) -> Data:
    """Return the progression of the disease, in so many equal parts."""
    rows, progress = datasets.load_diabetes(return_X_y=True)
    return rows, np.searchsorted(np.quantile(progress, np.arange(1, classes) / classes), progress)


def _made(
    classes: int,
    size: int,
    informative: int,
    seed: int,
    *,
    flip: float = 0.01,
    apart: float = 1.0,
    clusters: int = 1,
) -> Data:
    rows, labels = datasets.make_classification(
        ROWS,
        n_features=size,
        n_informative=informative,
        n_classes=classes,
        n_clusters_per_class=clusters,
        flip_y=flip,
        class_sep=apart,
        random_state=seed,
    )
    return rows, labels


def _blobs(classes: int, size: int, spread: float, seed: int) -> Data:
    rows, labels = datasets.make_blobs(
        ROWS, n_features=size, centers=classes, cluster_std=spread, random_state=seed
    )[:2]
    return rows, labels


def _quantiles(classes: int, size: int, seed: int) -> Data:
    rows, labels = datasets.make_gaussian_quantiles(
        n_samples=ROWS, n_features=size, n_classes=classes, random_state=seed
    )
    return rows, labels


def _moons(seed: int) -> Data:
    rows, labels = datasets.make_moons(ROWS, noise=0.2, random_state=seed)
    return rows, labels


def _circles(seed: int) -> Data:
    rows, labels = datasets.make_circles(ROWS, noise=0.1, factor=0.5, random_state=seed)
    return rows, labels


def _hastie(seed: int) -> Data:
    rows, labels = datasets.make_hastie_10_2(ROWS, random_state=seed)
    return rows, (labels > 0).astype(np.int64)


SETS: dict[str, Source] = {
    "iris": partial(_bundled, datasets.load_iris),
    "wine": partial(_bundled, datasets.load_wine),
    "breast_cancer": partial(_bundled, datasets.load_breast_cancer),
    "digits": partial(_bundled, datasets.load_digits),
    "digits_odd": partial(_digits_by, 2),
    "digits_mod_3": partial(_digits_by, 3),
    "digits_mod_5": partial(_digits_by, 5),
    "digits_round": partial(_digits_by, {digit: int(digit in (0, 6, 8, 9)) for digit in range(10)}),
    "diabetes_2": partial(_diabetes, 2),
    "diabetes_3": partial(_diabetes, 3),
    "diabetes_5": partial(_diabetes, 5),
    "made_2_easy": partial(_made, 2, 10, 5, apart=2.0),
    "made_2_noisy": partial(_made, 2, 20, 5, flip=0.3),
    "made_2_wide": partial(_made, 2, 90, 10),
    "made_2_clusters": partial(_made, 2, 20, 10, clusters=3),
    "made_3": partial(_made, 3, 10, 5),
    "made_3_noisy": partial(_made, 3, 20, 5, flip=0.3),
    "made_5": partial(_made, 5, 20, 8),
    "made_5_clusters": partial(_made, 5, 20, 10, clusters=2),
    "made_10": partial(_made, 10, 18, 10),
    "made_10_far": partial(_made, 10, 18, 10, apart=2.0),
    "made_20": partial(_made, 20, 9, 7, apart=2.0),
    "blobs_5": partial(_blobs, 5, 5, 3.0),
    "blobs_10": partial(_blobs, 10, 10, 5.0),
    "blobs_20": partial(_blobs, 20, 9, 4.0),
    "quantiles_3": partial(_quantiles, 3, 5),
    "quantiles_5": partial(_quantiles, 5, 10),
    "moons": _moons,
    "circles": _circles,
    "hastie": _hastie,
}


@dataclass(slots=True)
class Labelled:
    """A set as an environment: each row is a request, the class chosen earns 1 if it is right."""

    rows: Floats
    classes: Ints
    n_classes: int
    at: int = 0

    @classmethod
    def opened(cls, name: str, seed: int) -> "Labelled":
        """Return the set called `name`, in the order of `seed`."""
        rows, labels = SETS[name](seed)
        n_classes = int(labels.max()) + 1
        size = min(rows.shape[1], LARGEST // n_classes - 1)
        kept = PCA(size, whiten=True, random_state=0).fit_transform(rows / np.maximum(rows.std(axis=0), 1e-9))
        order = derive(seed, name).permutation(len(rows))
        features = np.column_stack((np.ones(len(rows)), kept))
        return cls(features[order], labels[order].astype(np.int64), n_classes)

    def __len__(self) -> int:
        return len(self.rows)

    def requests(self, n: int) -> Options:
        """Return the next `n` rows, each with a block of features for every class."""
        rows = self.rows[self.at : self.at + n]
        self.at += len(rows)
        size = len(rows), self.n_classes
        blocks = np.zeros((*size, self.n_classes, rows.shape[1]))
        each = np.arange(self.n_classes)
        blocks[:, each, each] = rows[:, None, :]
        return Options(
            items=np.broadcast_to(each, size),
            scores=np.zeros(size),
            features=blocks.reshape(*size, -1),
            context=rows,
        )

    def react(self, options: Options, slates: Slates) -> Floats:
        """Return 1 where the class is right."""
        rows = slice(self.at - len(options), self.at)
        right: Floats = (slates.actions == self.classes[rows, None]).astype(np.float64)
        return right

    def value(self, options: Options, slates: Slates) -> Floats:
        """Return the same: nothing is left to chance."""
        return np.asarray(self.react(options, slates).sum(axis=1))

    def best(self, options: Options, k: int) -> Floats:
        """Return 1: the right class is among the candidates."""
        return np.ones(len(options))
