import time
from pathlib import Path

import numpy as np
import pytest

from equipoise.training import meter
from equipoise.training.meter import metered


def test_seconds_are_those_of_the_wall() -> None:
    with metered() as cost:
        time.sleep(0.05)
    assert 0.05 <= cost.seconds < 5


def test_the_peak_is_of_the_work_inside() -> None:
    with metered() as large:
        assert np.ones(25_000_000).sum() == 25_000_000
    with metered() as small:
        pass
    assert large.memory_mb > small.memory_mb + 100


def test_elsewhere_the_peak_of_the_process_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meter, "_STATUS", Path("/nowhere"))
    monkeypatch.setattr(meter, "_RESET", Path("/nowhere/reset"))
    with metered() as cost:
        pass
    assert cost.memory_mb > 10
