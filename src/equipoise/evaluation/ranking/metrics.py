"""The registry of metrics: name to function, by the facts that each needs."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias, TypeVar

from equipoise.evaluation.ranking import accuracy, calibration, likeness, popularity, reach
from equipoise.evaluation.ranking.about import About, Categories, Popularity, Vectors
from equipoise.evaluation.ranking.lists import Lists
from equipoise.types import Floats

F = TypeVar("F")
R = TypeVar("R")
OfUsers: TypeAlias = Callable[[Lists], Floats]
OfAll: TypeAlias = Callable[[Lists], float]

OF_USERS: dict[str, OfUsers] = {
    "recall": accuracy.recall,
    "precision": accuracy.precision,
    "hr": accuracy.hr,
    "mrr": accuracy.mrr,
    "ndcg": accuracy.ndcg,
    "map": accuracy.average_precision,
    "revenue": accuracy.revenue,
}
BY_POPULARITY: dict[str, Callable[[Lists, Popularity], Floats]] = {
    "novelty": popularity.novelty,
    "popularity": popularity.popularity,
}
BY_VECTORS: dict[str, Callable[[Lists, Vectors], Floats]] = {
    "diversity": likeness.diversity,
    "unexpectedness": likeness.unexpectedness,
    "serendipity": likeness.serendipity,
}
BY_CATEGORIES: dict[str, Callable[[Lists, Categories], Floats]] = {
    "miscalibration": calibration.miscalibration,
}
OF_ALL: dict[str, OfAll] = {"coverage": reach.coverage, "gini": reach.gini}
ALL_BY_POPULARITY: dict[str, Callable[[Lists, Popularity], float]] = {
    "popularity_lift": popularity.popularity_lift,
}


def of_users(about: About) -> dict[str, OfUsers]:
    """Return the metrics with a value for each user whose facts are known."""
    return (
        OF_USERS
        | _knowing(BY_POPULARITY, about.popularity)
        | _knowing(BY_VECTORS, about.vectors)
        | _knowing(BY_CATEGORIES, about.categories)
    )


def of_all(about: About) -> dict[str, OfAll]:
    """Return the metrics with one value for all users whose facts are known."""
    return OF_ALL | _knowing(ALL_BY_POPULARITY, about.popularity)


def _knowing(
    metrics: Mapping[str, Callable[[Lists, F], R]], fact: F | None
) -> dict[str, Callable[[Lists], R]]:
    if fact is None:
        return {}
    return {name: partial(_told, metric, fact) for name, metric in metrics.items()}


def _told(metric: Callable[[Lists, F], R], fact: F, lists: Lists) -> R:
    return metric(lists, fact)
