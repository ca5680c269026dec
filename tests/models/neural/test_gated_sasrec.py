from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models import GatedSASRec
from equipoise.random import derive

from .test_sasrec import ring

TINY = GatedSASRec(
    embedding_size=16,
    length=8,
    dropout=0.1,
    epochs=12,
    batch_items=128,
    learning_rate=2e-2,
    averaging=0.9,
    n_negatives=16,
    validation_users=20,
)


def test_learns_a_planted_order() -> None:
    """Popularity knows nothing here; whoever reads the order knows everything."""
    scorer = TINY.fit(ring(100, 20, 8), rng=derive(1))
    asked = Histories.of([[(start + step) % 20 for step in range(4)] for start in range(20)])
    found = scorer.top(asked, 1).items.ravel()
    assert (found == (np.arange(20) + 4) % 20).mean() >= 0.9


@pytest.mark.parametrize("wrong", [{"blocks": 0}, {"heads": 0}, {"heads": 3}])
def test_settings_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="gated_sasrec: "):
        GatedSASRec(**wrong)


@pytest.mark.parametrize("changed", [{"negatives": "hard", "n_negatives": 4}, {"item_dropout": 0.2}])
def test_learns_with_other_settings_and_not_the_same_numbers(changed: dict[str, Any]) -> None:
    asked = Histories.of([[(start + step) % 20 for step in range(4)] for start in range(20)])
    plain, other = (replace(TINY, **each).fit(ring(100, 20, 8), rng=derive(1)) for each in ({}, changed))
    assert (other.top(asked, 1).items.ravel() == (np.arange(20) + 4) % 20).mean() >= 0.9
    assert abs(other.score(asked) - plain.score(asked)).max() > 1e-3


@pytest.mark.parametrize("wrong", [{"fading": 0.0}, {"fading": 1.5}, {"item_dropout": 1.0}])
def test_shares_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match=f"gated_sasrec: {next(iter(wrong))} must lie in"):
        GatedSASRec(**wrong)
