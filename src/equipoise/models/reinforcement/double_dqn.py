"""Double DQN (van Hasselt, Guez and Silver, 2016), with prioritised replay, for slates too.

With one position it is the paper's. A slate is worth the mean of its items' Q (value decomposition, Sunehag
et al., 2018), so that the best slate is the items of highest Q.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from equipoise.data.experience import Experience
from equipoise.models.reinforcement.deep import DeepSettings, Descent
from equipoise.models.reinforcement.net import CandidateNet, at, tensor
from equipoise.models.reinforcement.replay import Replay
from equipoise.models.reinforcement.values import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleDQN(DeepSettings):
    """y = r + discount Q'(s', argmax Q(s', .)): one network chooses, the one that lags judges.

    `conservatism` above 0 is the weight of CQL's penalty (Kumar et al., 2020), for learning from a log.
    """

    conservatism: float = 0.0

    def start(self, example: Experience, *, n_own: int, rng: np.random.Generator) -> "DQNPupil":
        """Return one who knows nothing yet."""
        return DQNPupil(self, CandidateNet.fitting(example.features, self.sizes, rng))


class DQNPupil:
    """Learns as `DoubleDQN` says."""

    def __init__(self, config: DoubleDQN, net: CandidateNet) -> None:
        self.config, self.net, self.target = config, net, net.twin()
        self.replay = Replay(capacity=config.capacity, alpha=config.priority)
        self.descent = Descent("double_dqn", config.learning_rate, net)

    def see(self, steps: Experience) -> None:
        """Remember `steps`."""
        self.replay.add(steps)

    def learn(self, rng: np.random.Generator) -> float:
        """Make one update."""
        batch, rows, corrections = self.replay.draw(self.config.batch_size, rng)
        q, places = self.net(tensor(batch.features)), torch.from_numpy(batch.places)
        shown = _mean(at(q, places), places)
        error = self._target(batch, places.shape[1]) - shown
        loss = (tensor(corrections) * error.square()).mean()
        if self.config.conservatism > 0.0:
            loss = loss + self.config.conservatism * (q.logsumexp(dim=1) - shown).mean()
        told = self.descent.step(loss)
        self.replay.reweigh(rows, error.detach().numpy())
        self.target.follow(self.net, self.config.tracking)
        return told

    def values(self) -> Network:
        """Return Q as arrays."""
        return self.net.exported()

    @torch.no_grad()
    def _target(self, batch: Experience, k: int) -> Tensor:
        following = tensor(batch.following)
        best = self.net(following).topk(k, dim=1).indices
        future = self.target(following.gather(1, best[:, :, None].expand(-1, -1, following.shape[2]))).mean(1)
        earned = tensor(batch.rewards.sum(axis=1))
        target: Tensor = earned + self.config.discount * tensor(1.0 - batch.done) * future
        return target


def _mean(values: Tensor, places: Tensor) -> Tensor:
    return values.sum(dim=1) / (places >= 0).sum(dim=1).clamp(min=1)
