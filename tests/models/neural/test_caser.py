from typing import Any

import pytest

from equipoise.errors import BadInputError
from equipoise.models import Caser
from equipoise.random import derive

from .rings import SETTINGS, right, ring

TINY = Caser(**SETTINGS)


def test_learns_a_planted_order() -> None:
    assert right(TINY.fit(ring(100, 20, 8), rng=derive(1))) >= 0.9


@pytest.mark.parametrize("wrong", [{"window": 0}, {"filters": 0}, {"weighings": 0}])
def test_settings_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="caser: window"):
        Caser(**wrong)
