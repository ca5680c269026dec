"""Where training starts, and that every loss learns from there."""

from functools import partial

import numpy as np
import pytest
import torch

from equipoise.data.histories import Histories
from equipoise.models import GRU
from equipoise.models.neural.losses import LOSSES, Contest
from equipoise.models.neural.negatives import NEGATIVES
from equipoise.random import derive
from equipoise.types import Floats

from .rings import SETTINGS, ring

N_ITEMS = 300
SHARES = derive(8).dirichlet(np.ones(N_ITEMS))


def pull(loss: str, negatives: str, scores: Floats) -> float:
    """Return how far all `scores` (n_items,), the same for every history, want to move as one, at most 1."""
    rng = derive(9)
    drawing = NEGATIVES[negatives](SHARES, 20)
    learnt = torch.tensor(scores, requires_grad=True)
    for _ in range(200):
        targets = rng.choice(N_ITEMS, 100, p=SHARES)
        drawn = drawing.draw(targets, rng)
        goals, others = torch.from_numpy(targets), torch.from_numpy(drawn.items)
        contest = Contest(
            positive=learnt[goals],
            others=learnt[others].expand(100, -1),
            same=partial(torch.eq, goals[:, None], others),
            log_counts=torch.from_numpy(drawn.log_counts),
            n_items=N_ITEMS,
            whole=drawn.whole,
        )
        LOSSES[loss](contest).sum().backward()  # type: ignore[no-untyped-call]
    assert learnt.grad is not None
    up = -learnt.grad
    return float(up.sum().abs() / up.abs().sum())


@pytest.mark.parametrize("negatives", NEGATIVES)
@pytest.mark.parametrize("loss", LOSSES)
def test_at_the_start_the_scores_do_not_move_as_one(loss: str, negatives: str) -> None:
    """Else they do, by steps of one size, and nothing is learnt meanwhile of who wants what."""
    counts = NEGATIVES[negatives](SHARES, 20).expected(np.arange(N_ITEMS))
    assert pull(loss, negatives, LOSSES[loss].start(SHARES, counts)) < 0.2
    if negatives == "uniform" and loss != "softmax":
        assert pull(loss, negatives, np.log(SHARES)) > 0.9


@pytest.mark.parametrize(
    ("loss", "negatives", "n"),
    [("softmax", "uniform", 16), ("bce", "own", 1), ("gbce", "uniform", 16), ("bpr_max", "uniform", 16)],
)
def test_every_loss_learns_the_order_of_many_items_in_few_steps(loss: str, negatives: str, n: int) -> None:
    asked = Histories.of([[(start + step) % N_ITEMS for step in range(4)] for start in range(N_ITEMS)])
    few = {"epochs": 8, "learning_rate": 1e-2, "validation_users": 0, "hidden_size": 16}
    learner = GRU(**{**SETTINGS, **few, "loss": loss, "negatives": negatives, "n_negatives": n})
    best = learner.fit(ring(900, N_ITEMS, 8), rng=derive(1)).top(asked, 1).items.ravel()
    assert (best == (np.arange(N_ITEMS) + 4) % N_ITEMS).mean() > 0.6
