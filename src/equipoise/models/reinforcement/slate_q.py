"""SlateQ (Ie et al., 2019): the value of a slate from the long-term values of its items and a choice model.

"SlateQ: a tractable decomposition for reinforcement learning with recommendation sets", equations 9 to 19.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from equipoise.data.experience import Experience
from equipoise.models.reinforcement.deep import DeepSettings, Descent
from equipoise.models.reinforcement.net import CandidateNet, at, tensor
from equipoise.models.reinforcement.replay import Replay
from equipoise.models.reinforcement.slate_values import SlateValues, ranked
from equipoise.models.reinforcement.values import nothing_shown
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class SlateQ(DeepSettings):
    """Q(s, A) = sum over i of P(i | s, A) Q(s, i), where the shopper clicks one item of A or none.

    P is a multinomial logit, learnt from the clicks along with a bias of each position; Q(s, i) is learnt
    from the steps in which i was clicked, and "none" has one of its own.
    """

    def start(self, example: Experience, *, n_own: int, rng: np.random.Generator) -> "SlateQPupil":
        """Return one who knows nothing yet."""
        q = CandidateNet.fitting(example.features, self.sizes, rng)
        choice = CandidateNet.fitting(example.features, self.sizes[:1], rng)
        return SlateQPupil(self, q, choice, n_own, example.places.shape[1])


class SlateQPupil:
    """Learns as `SlateQ` says."""

    def __init__(self, config: SlateQ, q: CandidateNet, choice: CandidateNet, n_own: int, k: int) -> None:
        self.config, self.q, self.choice, self.n_own = config, q, choice, n_own
        self.looked = nn.Parameter(torch.linspace(0.0, -1.0, k))
        self.target, self.replay = q.twin(), Replay(capacity=config.capacity, alpha=config.priority)
        self.descent = Descent("slate_q", config.learning_rate, q)
        self.choosing = Descent(
            "slate_q choice", config.learning_rate, choice, nn.ParameterList([self.looked])
        )

    def see(self, steps: Experience) -> None:
        """Remember `steps`."""
        self.replay.add(steps)

    def learn(self, rng: np.random.Generator) -> float:
        """Make one update of the values and one of the choice model."""
        batch, rows, corrections = self.replay.draw(self.config.batch_size, rng)
        error = self._target(batch, rows) - self.q(tensor(_chosen(batch, self.n_own)))
        told = self.descent.step((tensor(corrections) * error.square()).mean())
        self.replay.reweigh(rows, error.detach().numpy())
        self.choosing.step(self._surprise(batch))
        self.target.follow(self.q, self.config.tracking)
        return told

    def values(self) -> SlateValues:
        """Return both networks as arrays."""
        looked = (self.looked - self.looked[0]).detach().exp().numpy().astype(np.float64)
        return SlateValues(
            q=self.q.exported(), choice=self.choice.exported(), looked=looked, n_own=self.n_own
        )

    @torch.no_grad()
    def _target(self, batch: Experience, rows: Ints) -> Tensor:
        odds = self.choice(tensor(batch.following)).clamp(-20.0, 20.0).exp()
        q = self.target(tensor(batch.following))
        none = self.target(tensor(nothing_shown(batch.following, self.n_own)))
        looked = (self.looked - self.looked[0]).exp()
        future = torch.from_numpy(ranked(odds.numpy(), q.numpy(), none.numpy(), looked.numpy())[1])
        earned = tensor(batch.rewards.sum(axis=1))
        return earned + self.config.discount * tensor(1.0 - batch.done) * future

    def _surprise(self, batch: Experience) -> Tensor:
        """Return the mean log-loss of what was clicked; "none" comes first."""
        places = torch.from_numpy(batch.places)
        logits = at(self.choice(tensor(batch.features)), places) + self.looked - self.looked[0]
        logits = torch.where(places >= 0, logits, -1e9)
        logits = torch.cat([torch.zeros(len(logits), 1), logits], dim=1)
        return cross_entropy(logits, torch.from_numpy(batch.clicked + 1))


def _chosen(batch: Experience, n_own: int) -> Floats:
    """Return the features (n, d) of what was clicked, those of nothing where it was none."""
    rows = np.arange(len(batch))
    places = batch.places[rows, np.maximum(batch.clicked, 0)]
    clicked = batch.features[rows, np.maximum(places, 0)]
    none = nothing_shown(batch.features, n_own)[:, 0]
    return np.asarray(np.where((batch.clicked >= 0)[:, None], clicked, none))
