from pathlib import Path

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.sources.open_bandit import (
    chances_by_position,
    is_campaign,
    read_campaign,
)

SHOWN = """,timestamp,item_id,position,click,propensity_score,user_feature_0
0,2019-11-24 00:00:01+00:00,0,1,0,0.5,a
1,2019-11-24 00:00:04+00:00,1,1,1,0.25,b
2,2019-11-24 00:00:02+00:00,0,1,0,0.25,a
3,2019-11-24 00:00:03+00:00,2,1,0,0.25,a
4,2019-11-24 00:00:05+00:00,1,2,0,1.0,a
5,2019-11-24 00:00:06+00:00,9,2,0,1.0,a
6,2019-11-24 00:00:07+00:00,1,2,0,0.0,a
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "item_context.csv").write_text(",item_id,item_feature_0\n0,0,1\n1,1,2\n2,2,3\n3,3,4\n")
    (tmp_path / "men.csv").write_text(SHOWN)
    return tmp_path


def test_impressions_in_the_order_of_time(folder: Path) -> None:
    found = read_campaign(folder)
    np.testing.assert_array_equal(found.log.actions, [0, 0, 2, 1, 1])
    np.testing.assert_array_equal(found.log.positions, [0, 0, 0, 0, 1])
    assert found.log.n_actions == 4
    assert found.accepted.refused == {"action outside the candidates": 1, "propensity 0 or below": 1}


def test_chances_are_means_over_time_and_add_up_to_1(folder: Path) -> None:
    table = chances_by_position(read_campaign(folder).log)
    # Item 0 had 0.5 in the first of four rounds and 0.25 from then on; nothing is left for item 3.
    first = np.array([0.3125, 0.25, 0.25, 0.1875])
    np.testing.assert_allclose(table[0], first / first.sum())
    np.testing.assert_allclose(table[1], [0.0, 1.0, 0.0, 0.0])


def test_another_folder_is_refused(tmp_path: Path) -> None:
    assert not is_campaign(tmp_path)
    with pytest.raises(BadInputError, match=r"item_context\.csv"):
        read_campaign(tmp_path)
