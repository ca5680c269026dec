"""REINFORCE with top-K off-policy correction (Chen et al., 2019), from steps that another policy chose.

"Top-K off-policy correction for a REINFORCE recommender system", equations 3 and 6.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from equipoise.data.experience import Experience
from equipoise.errors import BadInputError
from equipoise.models.reinforcement.deep import DeepSettings, Descent
from equipoise.models.reinforcement.net import CandidateNet, tensor
from equipoise.models.reinforcement.values import Network, nothing_shown
from equipoise.types import Floats

REFRESHED = 25
"""Updates after which returns are worked out anew from what is remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinforce(DeepSettings):
    """Climbs along w K (1 - p)^(K-1) (G - b(s)) grad log p(i | s) for each clicked i.

    p is a softmax of the scores, w = min(p / propensity, `cap`), K the length of the slates, G the return
    from there on, as far as it is known, and b a baseline that is learnt along.
    """

    cap: float = 10.0

    def start(self, example: Experience, *, n_own: int, rng: np.random.Generator) -> "ReinforcePupil":
        """Return one who knows nothing yet."""
        policy, baseline = (CandidateNet.fitting(example.features, self.sizes, rng) for _ in range(2))
        return ReinforcePupil(self, policy, baseline, n_own)


class ReinforcePupil:
    """Learns as `Reinforce` says; remembers whole stretches of steps, in order."""

    def __init__(self, config: Reinforce, policy: CandidateNet, baseline: CandidateNet, n_own: int) -> None:
        self.config, self.policy, self.baseline, self.n_own = config, policy, baseline, n_own
        self.parts: list[Experience] = []
        self.updates = 0
        self.clicks: Experience | None = None
        self.returns: Floats = np.zeros(0)
        self.descent = Descent("reinforce", config.learning_rate, policy)
        self.judging = Descent("reinforce baseline", config.learning_rate, baseline)

    def see(self, steps: Experience) -> None:
        """Remember `steps`, and forget the oldest where they are too many."""
        self.parts.append(steps)
        while len(self.parts) > 1 and sum(map(len, self.parts)) > self.config.capacity:
            self.parts.pop(0)

    def learn(self, rng: np.random.Generator) -> float:
        """Make one update of the policy and one of the baseline."""
        if self.updates % REFRESHED == 0 or self.clicks is None:
            self._look_back()
        self.updates += 1
        if self.clicks is None or len(self.clicks) == 0:
            return 0.0
        rows = rng.integers(len(self.clicks), size=self.config.batch_size)
        batch, earned = self.clicks.take(rows), tensor(self.returns[rows])
        expected = self.baseline(tensor(nothing_shown(batch.features, self.n_own)))[:, 0]
        told = self.descent.step(self._loss(batch, earned - expected.detach()))
        self.judging.step((earned - expected).square().mean())
        return told

    def values(self) -> Network:
        """Return the scores of the policy as arrays."""
        return self.policy.exported()

    def _look_back(self) -> None:
        """Work out what followed each click."""
        if not self.parts:
            raise BadInputError("reinforce", "has seen no step yet")
        steps = Experience.joined(self.parts)
        clicked = np.flatnonzero(steps.clicked >= 0)
        self.clicks, self.returns = steps.take(clicked), steps.returns(self.config.discount)[clicked]

    def _loss(self, batch: Experience, advantage: Tensor) -> Tensor:
        rows = np.arange(len(batch))
        places = torch.from_numpy(batch.places[rows, batch.clicked])
        logged = tensor(batch.propensities[rows, batch.clicked])
        log_p = self.policy(tensor(batch.features)).log_softmax(dim=1)[torch.from_numpy(rows), places]
        p, k = log_p.exp().detach(), batch.places.shape[1]
        weights = (p / logged).clamp(max=self.config.cap) * k * (1.0 - p) ** (k - 1)
        loss: Tensor = -(weights * advantage * log_p).mean()
        return loss
