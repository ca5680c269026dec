import numpy as np
import pytest
import torch

from equipoise.data.histories import PADDING, Histories
from equipoise.models.neural.layers import causal
from equipoise.models.neural.net import AttentionNet
from equipoise.random import derive

N_ITEMS, LENGTH, SIZE = 12, 5, 8


def net(blocks: int) -> AttentionNet:
    rng = derive(2)
    torch.manual_seed(1)
    made = AttentionNet(
        rng.normal(size=(N_ITEMS, SIZE)).astype(np.float32),
        rng.normal(size=N_ITEMS),
        length=LENGTH,
        blocks=blocks,
        dropout=0.3,
    )
    for parameter in made.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return made.eval()


def logits(of: AttentionNet, inputs: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        allowed = torch.from_numpy(causal(inputs != PADDING))
        found = of.logits(of(torch.from_numpy(inputs), allowed)[:, -1])
        return np.asarray(found.numpy())


@pytest.mark.parametrize("blocks", [1, 2])
def test_numpy_scores_as_torch_does(blocks: int) -> None:
    histories = Histories.of([[1, 2], [3], [4, 5, 6, 7, 8], [0, 1, 2, 3, 4, 5, 6, 7]])
    made = net(blocks)
    expected = logits(made, histories.padded(LENGTH))
    np.testing.assert_allclose(made.exported().score(histories), expected, atol=1e-4)


def test_the_future_is_not_seen() -> None:
    """The output of a place does not change with what comes after it."""
    made = net(2)
    one, two = np.array([[1, 2, 3, 4, 5]]), np.array([[1, 2, 3, 9, 8]])
    allowed = torch.from_numpy(causal(one != PADDING))
    with torch.no_grad():
        first, second = (made(torch.from_numpy(x), allowed)[:, :3].numpy() for x in (one, two))
    np.testing.assert_allclose(first, second, atol=1e-6)


def test_padding_says_nothing() -> None:
    """What the padding's vector holds makes no difference to a history's score."""
    made = net(1)
    histories = Histories.of([[1, 2]])
    before = logits(made, histories.padded(LENGTH))
    with torch.no_grad():
        made.items.weight[-1] += 5.0
    np.testing.assert_allclose(logits(made, histories.padded(LENGTH)), before, atol=1e-5)


def test_the_order_of_a_history_matters() -> None:
    scorer = net(1).exported()
    one, two = scorer.score(Histories.of([[1, 2, 3]])), scorer.score(Histories.of([[3, 2, 1]]))
    assert abs(one - two).max() > 1e-3
