"""The models that a model made of models is made of."""

from collections.abc import Mapping

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.learner import Learner, Scorer
from equipoise.models.linear.ease import EASE
from equipoise.models.neighbours.item_knn import ItemKNN
from equipoise.models.neural.sasrec import SASRec
from equipoise.models.popularity import Popularity


def default_learners() -> dict[str, Learner]:
    """Return models that err in different ways."""
    return {"popularity": Popularity(), "item_knn": ItemKNN(), "ease": EASE(), "sasrec": SASRec()}


def fitted(
    learners: Mapping[str, Learner], data: Interactions, *, rng: np.random.Generator
) -> dict[str, Scorer]:
    """Return each of `learners` fitted on `data`, one after another."""
    return {name: learner.fit(data, rng=rng) for name, learner in learners.items()}


def shared_size(scorers: Mapping[str, Scorer], field: str) -> int:
    """Return the number of items that all of `scorers` score; raise `BadInputError` where they differ."""
    sizes = {scorer.n_items for scorer in scorers.values()}
    if len(sizes) != 1:
        raise BadInputError(field, "the scorers must score the same items, and there must be one at least")
    return sizes.pop()
