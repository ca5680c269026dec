import torch

from equipoise.models.neural.loss import softmax_loss


def test_the_weighted_mean_of_minus_log_probability() -> None:
    chances = torch.tensor([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
    loss = softmax_loss(chances.log(), torch.tensor([0, 2]), torch.tensor([3.0, 1.0]))
    expected = -(3 * torch.tensor(0.5).log() + torch.tensor(0.8).log()) / 4
    torch.testing.assert_close(loss, expected)
