"""Processes that train together take the steps that one takes alone."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.models.conftest import orders

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.models.neural import trainer
from equipoise.models.neural.batch import Batch
from equipoise.models.neural.device import at_work
from equipoise.models.neural.negatives import NEGATIVES
from equipoise.models.neural.objective import Objective
from equipoise.models.neural.sampler import Sampler
from equipoise.models.neural.sequence_learner import LOSSES, SMOOTHING
from equipoise.models.neural.team import Alone, OutOfStepError, Together, team
from equipoise.models.neural.tree import leaves, mapped
from equipoise.random import derive
from equipoise.types import Floats

from .nets import LEARNERS, N_ITEMS, weights

ASKED = Histories.of([[1, 2], [3], [5, 4, 0]])


def data() -> Interactions:
    rng = derive(4)
    return orders([rng.permutation(N_ITEMS)[: 3 + user % 5].tolist() for user in range(30)], N_ITEMS)


def batches(batch_items: int) -> Sequence[Batch]:
    sampler = Sampler(
        data=data(), length=5, horizon=1, targets=None, batch_items=batch_items, half_life_days=np.inf
    )
    return list(sampler.epoch(derive(5)))


def objective(loss: str = "softmax", negatives: str = "uniform") -> Objective:
    shares = np.bincount(data().items, minlength=N_ITEMS) / len(data()) + SMOOTHING
    return Objective.of(
        loss=loss,
        negatives=negatives,
        n_negatives=6,
        dropout=0.0,
        id_dropout=0.0,
        unit=False,
        shares=shares,
        content=None,
        met=np.ones(N_ITEMS, np.bool_),
    )


def gradients(asked: Objective, name: str, batch: Batch, share: float = 1.0) -> tuple[float, list[Floats]]:
    learnt = mapped(weights(name), lambda array: torch.tensor(array, requires_grad=True))
    loss = asked(learnt, batch, derive(6)) * share
    loss.backward()  # type: ignore[no-untyped-call]
    return loss.item(), [np.zeros(1) if leaf.grad is None else leaf.grad.numpy() for leaf in leaves(learnt)]


def check_parts_sum_to_the_whole(asked: Objective, name: str, batch: Batch, size: int) -> None:
    loss, whole = gradients(asked, name, batch)
    parts = [Together(rank, size).part(batch) for rank in range(size)]
    shares = [float(part.weights.sum() / batch.weights.sum()) for part in parts]
    assert sum(shares) == pytest.approx(1.0)
    found = [gradients(asked, name, part, share) for part, share in zip(parts, shares, strict=True) if share]
    assert sum(each for each, _ in found) == pytest.approx(loss, rel=1e-4)
    for at, gradient in enumerate(whole):
        np.testing.assert_allclose(sum(each[at] for _, each in found), gradient, atol=1e-4)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("negatives", sorted(NEGATIVES))
def test_the_gradients_of_the_parts_sum_to_that_of_the_batch(loss: str, negatives: str) -> None:
    for batch in batches(40)[:2]:
        check_parts_sum_to_the_whole(objective(loss, negatives), "gated_sasrec", batch, 2)


@pytest.mark.parametrize("name", sorted(LEARNERS))
def test_so_they_do_for_each_net(name: str) -> None:
    check_parts_sum_to_the_whole(objective(), name, batches(40)[0], 3)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_batch_of_fewer_rows_than_processes_is_shared_by_its_examples(loss: str) -> None:
    (batch, *_) = batches(5)
    assert len(batch.lengths) < 3
    check_parts_sum_to_the_whole(objective(loss), "sasrec", batch, 3)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("name", sorted(LEARNERS))
def test_a_share_of_nothing_has_no_loss_and_no_gradient(loss: str, name: str) -> None:
    (batch, *_) = batches(5)
    nothing = Together(99, 100).part(replace(batch))
    assert len(nothing.targets) == 0
    found, gradient = gradients(objective(loss), name, nothing, 0.0)
    assert found == 0
    assert all(not each.any() for each in gradient)


def test_every_row_is_in_one_part() -> None:
    batch = max(batches(60), key=lambda each: len(each.lengths))
    parts = [Together(rank, 2).part(batch) for rank in range(2)]
    assert sum(len(part.lengths) for part in parts) == len(batch.lengths)
    assert sorted(np.concatenate([part.targets for part in parts])) == sorted(batch.targets)
    for part in parts:
        rows, places = np.divmod(part.asked, part.inputs.shape[1])
        assert (places < part.lengths[rows]).all()
        assert part.pool is batch.targets


def test_without_other_processes_one_is_alone() -> None:
    assert team() == Alone()
    (batch, *_) = batches(40)
    assert team().part(batch) is batch


@pytest.mark.parametrize("name", sorted(LEARNERS))
def test_nothing_is_made_where_the_work_is_not_done(name: str) -> None:
    """A device that computes nothing but refuses to mix with the processor, as a GPU does."""
    (batch, *_) = batches(40)
    with at_work(torch.device("meta")):
        learnt = mapped(weights(name), lambda array: torch.tensor(array, requires_grad=True))
        loss = objective()(learnt, batch, derive(6))
        loss.backward()  # type: ignore[no-untyped-call]
    assert loss.is_meta
    assert learnt.items.grad.is_meta


def test_processes_that_draw_other_batches_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else adds anything to the sum here, so the shares do not sum to 1."""
    monkeypatch.setattr("torch.distributed.all_reduce", lambda flat: None)
    gradient = torch.tensor([1.0, 2.0])
    assert Together(0, 2).summed([gradient], 0.5, 1.0) == 0.5
    with pytest.raises(OutOfStepError, match="do not draw the same batches"):
        Together(0, 2).summed([gradient], 0.5, 0.4)


def test_processes_that_found_other_checkpoints_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class Ahead(Alone):
        def told(self, figure: float) -> float:
            return figure + 1

    monkeypatch.setattr(trainer, "team", Ahead)
    with pytest.raises(BadInputError, match="the processes found different ones"):
        LEARNERS["gru"].fit(data(), rng=derive(1))


TRAINING = """
import json, sys
from pathlib import Path
import numpy as np
from torch import distributed
from equipoise.models import GatedSASRec
from equipoise.models.neural import checkpoints_under
from equipoise.progress import watched_by
from equipoise.random import derive
from tests.models.neural.test_team import ASKED, data

if sys.argv[2] == "together":
    distributed.init_process_group("gloo")
who = str(distributed.get_rank()) if distributed.is_initialized() else "alone"
seen = []
learner = GatedSASRec(
    embedding_size=8, length=5, epochs=4, batch_items=40, n_negatives=8, dropout=0.0, validation_users=8
)
folder = Path(sys.argv[1])
with watched_by(lambda what, done, total, note: seen.append(note)), checkpoints_under(folder / "kept"):
    scorer = learner.fit(data(), rng=derive(1))
np.save(folder / f"{who}.npy", scorer.score(ASKED))
(folder / f"{who}.json").write_text(json.dumps([note.split(", ")[:2] for note in seen]))
"""


@pytest.mark.long
def test_two_processes_have_the_loss_of_one(tmp_path: Path) -> None:
    script = tmp_path / "training.py"
    script.write_text(TRAINING)
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."]), "OMP_NUM_THREADS": "1"}
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    for start, how in (([], "alone"), (torchrun, "together")):
        command = [sys.executable, *start, str(script), str(tmp_path / how), how]
        (tmp_path / how).mkdir()
        subprocess.run(command, env=surroundings, check=True, capture_output=True, timeout=300)
    alone, *both = (
        (json.loads((tmp_path / name).with_suffix(".json").read_text()), np.load(f"{tmp_path / name}.npy"))
        for name in ("alone/alone", "together/0", "together/1")
    )
    for notes, scores in both:
        assert len(notes) == 4
        # Printed to three digits: what differs is the order of additions.
        assert [each for each, _ in notes] == [each for each, _ in alone[0]]
        np.testing.assert_allclose(scores, alone[1], atol=1e-3)
    np.testing.assert_array_equal(both[0][1], both[1][1])
    assert len(list((tmp_path / "together" / "kept").glob("*/epoch-*"))) == 1
