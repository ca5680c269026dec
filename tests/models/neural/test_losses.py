import math

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
