import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from equipoise.models.neural.losses import LOSSES, Contest
from equipoise.models.neural.negatives.popularity import Popular
from equipoise.models.neural.sequence_learner import LOSSES as NAMED
from equipoise.random import derive

SCORES = torch.tensor([[1.0, 0.5, -0.5], [0.0, 2.0, 1.0]])
"""Of three items, for two examples whose targets are the first and the second."""
SAME = torch.tensor([[True, False, False], [False, True, False]])


def of(scores: torch.Tensor, *, whole: bool = False) -> Contest:
    return Contest(
        positive=scores[[0, 1], [0, 1]],
        others=scores,
        same=lambda: SAME,
        log_counts=torch.zeros(3),
        n_items=3,
        whole=whole,
    )


CONTEST = of(SCORES)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_names_are_those_that_learners_take() -> None:
    assert tuple(LOSSES) == NAMED


def test_softmax_over_all_items_is_cross_entropy() -> None:
    expected = torch.nn.functional.cross_entropy(SCORES, torch.tensor([0, 1]), reduction="none")
    torch.testing.assert_close(LOSSES["softmax"](CONTEST), expected)
    torch.testing.assert_close(LOSSES["softmax"](of(SCORES, whole=True)), expected)


def test_a_corrected_sample_estimates_the_whole() -> None:
    """However unevenly negatives are drawn, the sampled loss is that of the whole catalogue."""
    rng = derive(5)
    scores = rng.normal(size=200).astype(np.float32)
    shares = rng.dirichlet(np.ones(200))
    whole = np.log(np.exp(scores).sum()) - scores[7]
    drawn = Popular(shares, 40_000).draw(np.array([7]), rng)
    sampled = LOSSES["softmax"](
        Contest(
            positive=torch.tensor([scores[7]]),
            others=torch.from_numpy(scores[drawn.items])[None, :],
            same=lambda: torch.from_numpy(drawn.items == 7)[None, :],
            log_counts=torch.from_numpy(drawn.log_counts),
            n_items=200,
        )
    )
    assert float(sampled) == pytest.approx(whole, abs=0.1)


def test_binary_cross_entropy_by_hand() -> None:
    expected = -(math.log(sigmoid(1.0)) + math.log(1 - sigmoid(0.5)) + math.log(1 - sigmoid(-0.5))) / 4
    assert float(LOSSES["bce"](CONTEST)[0]) == pytest.approx(expected)


def test_gbce_by_hand() -> None:
    """One of 4 others drawn: rate 1/4, so beta = 1/4 (3/4 (1 - 4) + 4) = 7/16."""
    contest = Contest(
        positive=torch.tensor([1.0]),
        others=torch.tensor([[0.5]]),
        same=lambda: torch.tensor([[False]]),
        log_counts=torch.zeros(1),
        n_items=5,
    )
    expected = -(7 / 16 * math.log(sigmoid(1.0)) + math.log(1 - sigmoid(0.5))) / 2
    assert float(LOSSES["gbce"](contest)) == pytest.approx(expected)


def test_bpr_max_by_hand() -> None:
    shares = np.exp([0.5, -0.5]) / np.exp([0.5, -0.5]).sum()
    won = sum(share * sigmoid(1.0 - score) for share, score in zip(shares, (0.5, -0.5), strict=True))
    expected = -math.log(won) + sum(share * 0.25 for share in shares)
    assert float(LOSSES["bpr_max"](CONTEST)[0]) == pytest.approx(expected)


@pytest.mark.parametrize("name", NAMED)
def test_gradients_are_finite_where_a_negative_is_the_target(name: str) -> None:
    scores = SCORES.clone().requires_grad_()
    LOSSES[name](of(scores)).sum().backward()  # type: ignore[no-untyped-call]
    assert scores.grad is not None
    assert torch.isfinite(scores.grad).all()
    assert (scores.grad[[0, 1], [0, 1]] < 0).all()


def test_the_hardest_are_the_highest_but_the_target() -> None:
    """Which they are differs by example, and each brings its own expected count."""
    found = replace(CONTEST, log_counts=torch.tensor([0.1, 0.2, 0.3])).hardest(1)
    assert found.others.tolist() == [[0.5], [1.0]]
    torch.testing.assert_close(found.log_counts, torch.tensor([[0.2], [0.3]]))
    assert not found.same().any()


@pytest.mark.parametrize("name", NAMED)
def test_keeping_all_of_the_pool_changes_no_loss(name: str) -> None:
    torch.testing.assert_close(LOSSES[name](CONTEST.hardest(2)), LOSSES[name](few(CONTEST)))


def few(contest: Contest) -> Contest:
    """Return the same contest, told without the targets."""
    return replace(
        contest,
        others=contest.others[[[0, 0], [1, 1]], [[1, 2], [0, 2]]],
        same=lambda: torch.zeros(2, 2, dtype=torch.bool),
        log_counts=torch.zeros(2),
    )


def test_softmax_over_the_hardest_is_nearly_that_over_the_pool() -> None:
    """What is left out of the sum is what hardly counts in it."""
    scores = torch.from_numpy(derive(3).normal(0, 3, (1, 400)).astype(np.float32))
    pool = Contest(
        positive=scores[:, 0],
        others=scores,
        same=lambda: torch.arange(400)[None, :] == 0,
        log_counts=torch.zeros(400),
        n_items=400,
    )
    whole, kept = (LOSSES["softmax"](each).item() for each in (pool, pool.hardest(100)))
    assert kept <= whole
    assert kept == pytest.approx(whole, abs=0.05)
