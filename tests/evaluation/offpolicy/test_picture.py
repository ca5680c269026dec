from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from equipoise.evaluation.offpolicy.compare import Judged, compare
from equipoise.evaluation.offpolicy.estimators import IPS
from equipoise.evaluation.offpolicy.picture import LEFT, drawn
from equipoise.evaluation.offpolicy.target import Target
from offpolicy_synthetic import Synthetic


@pytest.fixture(scope="module")
def row() -> Judged:
    log, target = Synthetic(n_actions=4, sharp=0.5).drawn(2_000, np.random.default_rng(0))
    return compare(log, {"greedy": target, "logged": Target(logged=log.propensities)}, {"ips": IPS()})[0]


def words(picture: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(picture).iter() if each.tag.endswith("text")]


def across(row: Judged, low: float, high: float) -> str:
    """Draw `row` as if its interval were from `low` to `high`."""
    assert row.estimate is not None
    return drawn([replace(row, estimate=replace(row.estimate, low=low, value=0.1, high=high))], "a log")


def test_a_scale_across_nothing_says_0(row: Judged) -> None:
    told = words(across(row, -0.1, 0.5))
    assert "0" in told
    assert "-0" not in told


def test_a_long_path_is_called_by_its_end_and_stays_in_the_picture(row: Judged) -> None:
    far = replace(row, target="/a/long/way/to/a/set/of/public/data/bts/men")
    (label,) = [word for word in words(across(far, 0.0, 0.5)) if "men" in word]
    assert label == "bts/men, ips"
    assert len(label) * 7 < LEFT
