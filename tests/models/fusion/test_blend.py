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
from equipoise.models.fusion.weights import fit_weights, standardised
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


def test_standardised_rows() -> None:
    found = standardised(np.array([[1.0, 2.0, 3.0], [5.0, 5.0, 5.0]]))
    np.testing.assert_allclose(found, [[-(1.5**0.5), 0, 1.5**0.5], [0, 0, 0]])


def test_weights_are_those_the_answers_were_drawn_with() -> None:
    """Answers drawn from softmax(3 z0 + 1 z1 + 0 z2) give back weights of 3 to 1 to 0."""
    rng = derive(6)
    n, n_items = 4000, 12
    parts = standardised(rng.normal(size=(n * 3, n_items))).reshape(n, 3, n_items).transpose(0, 2, 1)
    logits = 3 * parts[:, :, 0] + parts[:, :, 1]
    targets = np.argmax(logits + rng.gumbel(size=logits.shape), axis=1)
    asked = HeldOut(
        users=np.arange(n),
        histories=Histories.of([[]] * n),
        targets=Histories(targets, np.arange(n + 1)),
        values=np.ones(n),
    )
    np.testing.assert_allclose(fit_weights(parts, asked), [0.75, 0.25, 0.0], atol=0.02)


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
    assert weights["noise"] < 0.1
    assert sum(weights.values()) == pytest.approx(1)


def test_fitting_finds_weights_on_later_data_and_parts_on_all(departments: Departments) -> None:
    blend = Blend(learners={"noise": Noise(), "ease": EASE(reg=10.0)}, validation_days=1.5 / 86_400_000_000)
    scorer = blend.fit(departments.data, rng=derive(1))
    assert scorer.weights["noise"] < 0.1
    assert departments.precision(scorer) == 1.0
    np.testing.assert_array_equal(
        scorer.scorers["ease"].score(Histories.of([[1]])),
        EASE(reg=10.0).fit(departments.data, rng=derive(9)).score(Histories.of([[1]])),
    )


def test_too_few_data_to_tell_give_equal_weights() -> None:
    blend = Blend(learners={"popularity": Popularity(), "ease": EASE()})
    weights = blend.fit_weights(orders([[0, 1]], 3), rng=derive(1))
    assert weights == {"popularity": 0.5, "ease": 0.5}


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
