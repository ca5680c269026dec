"""Items that nobody met are recommended for what is said of them."""

from dataclasses import replace

import numpy as np
import pytest
from tests.models.conftest import orders

from equipoise.data.histories import Histories
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.models import GatedSASRec
from equipoise.random import derive

N_ITEMS, COLD = 30, [9, 19, 29]
CONTENT = ItemContent.of_tags([[f"department-{item // 10}"] for item in range(N_ITEMS)])
TINY = GatedSASRec(
    embedding_size=16,
    dropout=0.1,
    epochs=20,
    batch_items=200,
    learning_rate=1e-2,
    averaging=0.9,
    n_negatives=16,
    validation_users=20,
    content=CONTENT,
    id_dropout=0.3,
)
DATA = orders(
    [(10 * (user % 3) + derive(4, user).permutation(9)[:6]).tolist() for user in range(150)], N_ITEMS
)


@pytest.mark.parametrize("unit", [True, False])
def test_the_item_of_the_department_that_nobody_met_comes_before_those_of_others(unit: bool) -> None:
    scorer = replace(TINY, unit=unit).fit(DATA, rng=derive(1))
    scores = scorer.score(Histories.of([[0, 1], [10, 11], [20, 21]]))[:, COLD]
    assert (scores.argmax(axis=1) == np.arange(3)).all()
    assert set(scorer.top(Histories.of([[0, 1, 9]]), 7).items[0].tolist()) <= set(range(10))


def test_content_of_other_items_is_refused() -> None:
    with pytest.raises(BadInputError, match="content: has 2 rows"):
        replace(TINY, content=ItemContent.of_tags([["a"], ["b"]])).fit(DATA, rng=derive(1))
