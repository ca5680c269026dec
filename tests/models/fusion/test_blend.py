from dataclasses import dataclass

import numpy as np
import pytest
from tests.models.conftest import Departments, orders

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.split import HeldOut
from equipoise.errors import BadInputError
from equipoise.models import EASE, Blend, Learner, Popularity
from equipoise.models.dense import DenseScorer
from equipoise.models.fusion.blend import BlendScorer, weigh
from equipoise.models.fusion.standard import standardised
from equipoise.models.fusion.validation import LaterDays
from equipoise.random import derive
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """A learner that knows nothing."""

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> "NoiseScorer":
        return NoiseScorer(table=rng.normal(size=(1000, data.n_items)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseScorer(DenseScorer):
    table: Floats

    @property
    def n_items(self) -> int:
        return int(self.table.shape[1])

    def score(self, histories: Histories) -> Floats:
        rows = [int(history.sum()) % len(self.table) for history in histories]
        return np.asarray(self.table[rows], np.float32)


def test_a_part_that_knows_nothing_gets_little(departments: Departments) -> None:
    early = departments.data.where(departments.data.times < 4)
    late = departments.data.where(departments.data.times >= 4)
    blend = Blend(learners={"noise": Noise(), "ease": EASE(reg=10.0)})
    scorers = {name: learner.fit(early, rng=derive(1)) for name, learner in blend.learners.items()}
    asked = HeldOut(
        users=np.arange(90),
        histories=early.histories(),
        targets=late.histories(),
        values=np.ones(len(late)),
    )
    weights = weigh(scorers, asked, rng=derive(2))
    assert weights["noise"] < 0.4
    assert sum(weights.values()) == pytest.approx(1)
    assert departments.precision(BlendScorer(scorers=scorers, weights=weights)) == 1.0


def test_fitting_finds_weights_on_later_data_and_parts_on_all(departments: Departments) -> None:
    blend = Blend(learners={"noise": Noise(), "ease": EASE(reg=10.0)}, later=LaterDays(1.5 / 86_400_000_000))
    scorer = blend.fit(departments.data, rng=derive(1))
    assert scorer.weights["noise"] < 0.4
    assert departments.precision(scorer) == 1.0
    np.testing.assert_array_equal(
        scorer.scorers["ease"].score(Histories.of([[1]])),
        EASE(reg=10.0).fit(departments.data, rng=derive(9)).score(Histories.of([[1]])),
    )


def test_nothing_to_weigh_by_gives_equal_weights() -> None:
    blend = Blend(learners={"popularity": Popularity(), "ease": EASE()})
    weights = blend.fit_weights(orders([[0], [1]], 3), rng=derive(1))
    assert weights == {"popularity": 0.5, "ease": 0.5}


def test_places_for_times_are_weighed_by_the_last_item(departments: Departments) -> None:
    blend = Blend(learners={"noise": Noise(), "ease": EASE(reg=10.0)})
    assert blend.fit(departments.data, rng=derive(1)).weights["noise"] < 0.4


def test_given_weights_are_kept(departments: Departments) -> None:
    blend = Blend(learners={"popularity": Popularity(), "ease": EASE()}, weights={"ease": 2, "popularity": 0})
    assert blend.fit(departments.data, rng=derive(1)).weights == {"popularity": 0.0, "ease": 2.0}


@pytest.mark.parametrize(
    "weights", [{"ease": 1.0}, {"popularity": -1.0, "ease": 1}, {"popularity": 0, "ease": 0}]
)
def test_weights_that_weigh_nothing_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(BadInputError, match="give each of popularity, ease a number"):
        Blend(learners={"popularity": Popularity(), "ease": EASE()}, weights=weights)


def test_reasons_are_those_of_the_parts_in_the_scale_of_the_blend(departments: Departments) -> None:
    ease = EASE(reg=10.0).fit(departments.data, rng=derive(1))
    popularity = Popularity().fit(departments.data, rng=derive(1))
    blend = BlendScorer(scorers={"e": ease, "p": popularity}, weights={"e": 0.5, "p": 0.5})
    histories, items = Histories.of([[1, 12, 2], [], [3]]), np.array([3, 4, 99])
    own, found = ease.because(histories, items, 2), blend.because(histories, items, 2)
    np.testing.assert_array_equal(found.items, own.items)
    assert found.items[1:].tolist() == [[-1, -1], [-1, -1]]
    expected = 0.5 * own.scores[0] / ease.score(histories)[0].std()
    np.testing.assert_allclose(found.scores[0], expected, rtol=1e-4)


def test_two_models_that_agree_are_one_reason(departments: Departments) -> None:
    ease = EASE(reg=10.0).fit(departments.data, rng=derive(1))
    once = BlendScorer(scorers={"a": ease}, weights={"a": 1.0})
    twice = BlendScorer(scorers={"a": ease, "b": ease}, weights={"a": 0.3, "b": 0.7})
    asked = Histories.of([[1, 2, 4]]), np.array([3])
    np.testing.assert_allclose(twice.because(*asked, 3).scores, once.because(*asked, 3).scores, rtol=1e-6)


def test_parts_combine_to_the_score(departments: Departments) -> None:
    parts: dict[str, Learner] = {"popularity": Popularity(), "ease": EASE(reg=10.0)}
    scorers = {name: learner.fit(departments.data, rng=derive(1)) for name, learner in parts.items()}
    blend = BlendScorer(scorers=scorers, weights={"popularity": 0.25, "ease": 0.75})
    histories = Histories.of([[1, 2], []])
    found = blend.parts(histories)
    np.testing.assert_allclose(found["ease"], standardised(scorers["ease"].score(histories)))
    expected = 0.25 * found["popularity"] + 0.75 * found["ease"]
    np.testing.assert_allclose(blend.score(histories), expected, atol=1e-6)


def test_what_does_not_fit_together_is_refused() -> None:
    small = Popularity().fit(orders([[0]], 1), rng=derive(1))
    large = Popularity().fit(orders([[0]], 2), rng=derive(1))
    with pytest.raises(BadInputError, match="must have the same names"):
        BlendScorer(scorers={"a": small}, weights={"b": 1.0})
    with pytest.raises(BadInputError, match="score the same items"):
        BlendScorer(scorers={"a": small, "b": large}, weights={"a": 1.0, "b": 0.0})
    with pytest.raises(BadInputError, match="needs learners"):
        Blend(learners={})
