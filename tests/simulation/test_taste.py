import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.random import derive
from equipoise.simulation.parts.encoding import by_trait, crossed, plain
from equipoise.simulation.parts.links import logistic_at
from equipoise.simulation.parts.payouts import LogNormal
from equipoise.simulation.parts.schedules import Abrupt
from equipoise.simulation.parts.taste import Bent, Changing, Fixed, Own, Pairs, Sight
from equipoise.simulation.parts.visitors import Crowd, Segments

CONTENT = np.array([[[1.0, 2.0], [3.0, 4.0]]])
TRAITS = np.array([[10.0, -1.0]])
SIGHT = Sight(
    crowd=Crowd(traits=TRAITS, segments=np.zeros(1, dtype=np.int64), patience=np.ones(1)),
    times=np.array([7]),
    codes=np.array([[1, 0]]),
    content=CONTENT,
    features=plain(CONTENT, TRAITS),
)


def test_encodings() -> None:
    assert plain(CONTENT, TRAITS).tolist() == [[[1, 1, 2], [1, 3, 4]]]
    assert crossed(CONTENT, TRAITS).tolist() == [[[1, 1, 2, 10, -2], [1, 3, 4, 30, -4]]]
    assert by_trait(CONTENT, TRAITS).tolist() == [[[1, 10, 20, -1, -2], [1, 30, 40, -3, -4]]]


def test_terms() -> None:
    weights = np.array([1.0, 0.0, 2.0])
    assert Fixed(weights).utilities(SIGHT).tolist() == [[5, 9]]
    changing = Changing(Abrupt(stages=np.stack((weights, -weights)), changes=np.array([7])))
    assert changing.utilities(SIGHT).tolist() == [[-5, -9]]
    assert Own(np.array([0.1, 0.2])).utilities(SIGHT).tolist() == [[0.2, 0.1]]
    assert Pairs(np.array([[0.0, 1.0], [1.0, 0.0]])).utilities(SIGHT).tolist() == [[19.0, 37.0]]
    assert Bent(np.array([1.0, 0.0])).utilities(SIGHT).tolist() == [[0.0, -8.0]]


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.6])
def test_the_link_meets_its_rate(rate: float) -> None:
    utilities = 5 + derive(1).standard_normal((500, 20))
    assert abs(logistic_at(rate, utilities).appeals(utilities).mean() - rate) < 1e-6


def test_a_rate_that_is_no_chance_is_refused() -> None:
    with pytest.raises(BadInputError, match="click_rate"):
        logistic_at(1.5, np.zeros((2, 2)))


def test_heavy_tails_keep_the_mean() -> None:
    amounts = LogNormal(1.0).draw(np.full(400_000, 3.0), derive(3))
    assert abs(amounts.mean() - 3) < 0.05
    assert amounts.max() > 60


def test_segments_come_in_their_shares() -> None:
    segments = Segments(shares=(0.8, 0.2), patience=(0.9, 0.1))
    crowd = segments.draw(20_000, derive(4))
    assert abs((crowd.segments == 1).mean() - 0.2) < 0.01
    assert set(crowd.patience[crowd.segments == 1]) == {0.1}
    with pytest.raises(BadInputError, match="sum to 1"):
        Segments(shares=(0.8, 0.8), patience=(0.9, 0.1))
