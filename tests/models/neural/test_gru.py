import pytest

from equipoise.errors import BadInputError
from equipoise.models import GRU
from equipoise.random import derive

from .rings import SETTINGS, right, ring

TINY = GRU(**SETTINGS)


def test_learns_a_planted_order() -> None:
    assert right(TINY.fit(ring(100, 20, 8), rng=derive(1))) >= 0.9


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(BadInputError, match="gru: hidden_size"):
        GRU(hidden_size=0)
