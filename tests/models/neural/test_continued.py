"""What an earlier scorer learnt is where training begins, on new events and on a catalogue that has grown."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from equipoise.artifact import load_artifact, save_artifact
from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError
from equipoise.models import GRU, GatedSASRec
from equipoise.models.neural import checkpoints_in
from equipoise.models.neural.scorer import SequenceScorer
from equipoise.models.neural.sequence_learner import SequenceLearner
from equipoise.progress import watched_by
from equipoise.random import derive

from .rings import ASKED, ring
from .test_gated_sasrec import TINY


def still(learner: GatedSASRec) -> GatedSASRec:
    """Return `learner` with settings with which nothing is learnt."""
    return replace(learner, epochs=1, learning_rate=1e-9, averaging=0.0)


@pytest.fixture(scope="module")
def last(tmp_path_factory: pytest.TempPathFactory) -> SequenceScorer:
    """What was learnt of the earlier events, as it comes back from the disk."""
    folder: Path = tmp_path_factory.mktemp("last") / "scorer"
    save_artifact(TINY.fit(ring(100, 20, 8), rng=derive(1)), folder)
    return load_artifact(SequenceScorer, folder)


def losses(learner: SequenceLearner, data: Interactions, last: SequenceScorer | None) -> list[float]:
    told: list[str] = []
    with watched_by(lambda what, done, total, note: told.append(note)):
        learner.fit(data, rng=derive(3), last=last)
    return [float(note.split()[1].rstrip(",")) for note in told]


def test_it_is_sooner_at_the_same_loss_than_from_scratch(last: SequenceScorer) -> None:
    """The ring has grown by an item, and its shoppers are others."""
    scratch = losses(TINY, ring(120, 21, 8), None)
    continued = losses(replace(TINY, epochs=3), ring(120, 21, 8), last)
    assert continued[0] < scratch[2]
    assert min(scratch[:5]) > continued[2]


def test_the_new_item_is_learnt_and_the_old_ones_kept(last: SequenceScorer) -> None:
    scorer = replace(TINY, epochs=6).fit(ring(200, 21, 8), rng=derive(3), last=last)
    assert scorer.n_items == 21
    asked = Histories.of([[(start + step) % 21 for step in range(4)] for start in range(21)])
    assert (scorer.top(asked, 1).items.ravel() == (np.arange(21) + 4) % 21).mean() >= 0.9


def test_before_the_first_step_it_scores_as_the_last(last: SequenceScorer) -> None:
    same = still(TINY).fit(ring(100, 20, 8), rng=derive(3), last=last)
    np.testing.assert_allclose(same.score(ASKED), last.score(ASKED), atol=1e-3)


@pytest.mark.parametrize("unit", [True, False])
def test_content_is_told_from_an_items_own_vector(unit: bool) -> None:
    """The content has other terms by now, and still nothing that was learnt is lost."""
    older, newer = (
        ItemContent.of_tags([[f"{item // 5}", *more] for item in range(20)])
        for more in ([], ["a tag for all"])
    )
    learner = replace(TINY, content=older, unit=unit, epochs=4)
    last = learner.fit(ring(100, 20, 8), rng=derive(1))
    same = still(replace(learner, content=newer)).fit(ring(100, 20, 8), rng=derive(3), last=last)
    np.testing.assert_allclose(same.score(ASKED), last.score(ASKED), atol=2e-3)


@pytest.mark.parametrize(
    ("learner", "n_items", "what"),
    [
        (TINY, 19, r"another catalogue \(20 items, this one has 19\)"),
        (replace(TINY, embedding_size=8), 20, "another net or of other sizes"),
        (replace(TINY, blocks=2), 20, "another net or of other sizes"),
        (replace(TINY, unit=True), 20, "another net or of other sizes"),
        (GRU(embedding_size=16), 20, "another net or of other sizes"),
    ],
)
def test_what_is_of_something_else_is_refused(
    last: SequenceScorer, learner: SequenceLearner, n_items: int, what: str
) -> None:
    with pytest.raises(BadInputError, match=f"last: is of {what}"):
        learner.fit(ring(100, n_items, 8), rng=derive(1), last=last)


def test_a_checkpoint_that_began_elsewhere_is_refused(last: SequenceScorer, tmp_path: Path) -> None:
    short = replace(TINY, epochs=1)
    with checkpoints_in(tmp_path):
        short.fit(ring(100, 20, 8), rng=derive(1), last=last)
        with pytest.raises(BadInputError, match=r"checkpoint: .* is of other data"):
            short.fit(ring(100, 20, 8), rng=derive(1))
