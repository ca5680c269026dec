from dataclasses import replace
from typing import Any

import pytest

from equipoise.errors import BadInputError
from equipoise.models import GatedSASRec
from equipoise.random import derive

from .rings import ASKED, SETTINGS, right, ring

TINY = GatedSASRec(**SETTINGS)


def test_learns_a_planted_order() -> None:
    assert right(TINY.fit(ring(100, 20, 8), rng=derive(1))) >= 0.9


@pytest.mark.parametrize("wrong", [{"blocks": 0}, {"heads": 0}, {"heads": 3}])
def test_settings_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="gated_sasrec: "):
        GatedSASRec(**wrong)


@pytest.mark.parametrize("changed", [{"negatives": "hard", "n_negatives": 4}, {"item_dropout": 0.2}])
def test_learns_with_other_settings_and_not_the_same_numbers(changed: dict[str, Any]) -> None:
    plain, other = (replace(TINY, **each).fit(ring(100, 20, 8), rng=derive(1)) for each in ({}, changed))
    assert right(other) >= 0.9
    assert abs(other.score(ASKED) - plain.score(ASKED)).max() > 1e-3


@pytest.mark.parametrize("wrong", [{"fading": 0.0}, {"fading": 1.5}, {"item_dropout": 1.0}])
def test_shares_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match=f"gated_sasrec: {next(iter(wrong))} must lie in"):
        GatedSASRec(**wrong)
