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
from equipoise.models.reinforcement.values import Network, nothing_shown
from equipoise.types import Floats

ROUNDS = 4
"""Rounds in which the best slate is found; it seldom takes more than three."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SlateValues:
    """A fitted SlateQ: `q` of a click, `choice` the log-odds of one on top against none.

    The first `n_own` features are the candidate's; slates have `k` positions, with `looked` (k,) the odds
    of each relative to the top.
    """

    q: Network
    choice: Network
    looked: Floats
    n_own: int

    def scores(self, features: Floats) -> Floats:
        """Return odds (Q(s, i) - V(s)) for each candidate (n, m), V being the value of the best slate.

        Ordered so, the first k are the best slate where positions are alike (Dinkelbach, 1967), and
        nearly so where they are not.
        """
        odds = np.exp(np.clip(self.choice.scores(features), -20.0, 20.0))
        q, none = self.q.scores(features), self.q.scores(nothing_shown(features, self.n_own))
        return np.asarray(_ranked(torch.from_numpy(odds), *map(torch.from_numpy, (q, none, self.looked)))[0])


class SlateQPupil:
    """Learns as `SlateQ` says."""

    def __init__(self, config: SlateQ, q: CandidateNet, choice: CandidateNet, n_own: int, k: int) -> None:
        self.config, self.q, self.choice, self.n_own = config, q, choice, n_own
        self.looked = nn.Parameter(torch.linspace(0.0, -1.0, k))
        self.target, self.replay = q.twin(), Replay(capacity=config.capacity)
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
        error = self._target(batch) - self.q(tensor(_chosen(batch, self.n_own)))
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
    def _target(self, batch: Experience) -> Tensor:
        odds = self.choice(tensor(batch.following)).clamp(-20.0, 20.0).exp()
        q = self.target(tensor(batch.following))
        none = self.target(tensor(nothing_shown(batch.following, self.n_own)))
        future = _ranked(odds, q, none, (self.looked - self.looked[0]).exp())[1]
        earned = tensor(batch.rewards.sum(axis=1))
        return earned + self.config.discount * tensor(1.0 - batch.done) * future

    def _surprise(self, batch: Experience) -> Tensor:
        """Return the mean log-loss of what was clicked; "none" comes first."""
        places = torch.from_numpy(batch.places)
        logits = at(self.choice(tensor(batch.features)), places) + self.looked - self.looked[0]
        logits = torch.where(places >= 0, logits, -1e9)
        logits = torch.cat([torch.zeros(len(logits), 1), logits], dim=1)
        return cross_entropy(logits, torch.from_numpy(batch.clicked + 1))


def _ranked(odds: Tensor, q: Tensor, none: Tensor, looked: Tensor) -> tuple[Tensor, Tensor]:
    """Return the scores (n, m) by which the best slate is on top, and what it is worth, (n,)."""
    value, k = none, len(looked)
    for _ in range(ROUNDS):
        scores = odds * (q - value)
        best = scores.topk(min(k, scores.shape[1]), dim=1).indices
        weights = odds.gather(1, best) * looked[: best.shape[1]]
        total = 1.0 + weights.sum(dim=1, keepdim=True)
        value = (none + (weights * q.gather(1, best)).sum(dim=1, keepdim=True)) / total
    return odds * (q - value), value[:, 0]


def _chosen(batch: Experience, n_own: int) -> Floats:
    """Return the features (n, d) of what was clicked, those of nothing where it was none."""
    rows = np.arange(len(batch))
    places = batch.places[rows, np.maximum(batch.clicked, 0)]
    clicked = batch.features[rows, np.maximum(places, 0)]
    none = nothing_shown(batch.features, n_own)[:, 0]
    return np.asarray(np.where((batch.clicked >= 0)[:, None], clicked, none))
