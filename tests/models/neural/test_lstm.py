import pytest

from equipoise.errors import BadInputError
from equipoise.models import LSTM
from equipoise.random import derive

from .rings import SETTINGS, right, ring

TINY = LSTM(**SETTINGS)


def test_learns_a_planted_order() -> None:
    assert right(TINY.fit(ring(100, 20, 8), rng=derive(1))) >= 0.9


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(BadInputError, match="lstm: hidden_size"):
        LSTM(hidden_size=0)
