"""Actor-critic with a soft policy (Haarnoja et al., 2018), and the conservative form of Kumar et al., 2020.

"Conservative Q-learning for offline reinforcement learning", equation 4, over the candidates of a request.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from equipoise.data.experience import Experience
from equipoise.errors import BadInputError
from equipoise.models.reinforcement.deep import DeepSettings, Descent
from equipoise.models.reinforcement.net import CandidateNet, at, tensor
from equipoise.models.reinforcement.replay import Replay
from equipoise.models.reinforcement.values import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorCritic(DeepSettings):
    """The critic learns what the actor's slates are worth, the actor climbs the critic.

    As in `DoubleDQN`, a slate is worth the mean of its items. `conservatism` keeps what the log never shows
    from looking good, 0 trusts it; `temperature` is what an unit of the actor's entropy is worth.
    """

    conservatism: float = 0.1
    temperature: float = 0.02

    def __post_init__(self) -> None:
        DeepSettings.__post_init__(self)
        if not (self.conservatism >= 0.0 and self.temperature > 0.0):
            raise BadInputError("temperature", "must be above 0, and conservatism not negative")

    def start(self, example: Experience, *, n_own: int, rng: np.random.Generator) -> "ActorCriticPupil":
        """Return one who knows nothing yet."""
        actor, critic = (CandidateNet.fitting(example.features, self.sizes, rng) for _ in range(2))
        return ActorCriticPupil(self, actor, critic)


class ActorCriticPupil:
    """Learns as `ActorCritic` says."""

    def __init__(self, config: ActorCritic, actor: CandidateNet, critic: CandidateNet) -> None:
        self.config, self.actor, self.critic, self.target = config, actor, critic, critic.twin()
        self.replay = Replay(capacity=config.capacity, alpha=config.priority)
        self.acting = Descent("actor", config.learning_rate, actor)
        self.judging = Descent("critic", config.learning_rate, critic)

    def see(self, steps: Experience) -> None:
        """Remember `steps`."""
        self.replay.add(steps)

    def learn(self, rng: np.random.Generator) -> float:
        """Make one update of the critic and one of the actor."""
        batch, rows, corrections = self.replay.draw(self.config.batch_size, rng)
        features, places = tensor(batch.features), torch.from_numpy(batch.places)
        q = self.critic(features)
        shown = at(q, places).sum(dim=1) / (places >= 0).sum(dim=1).clamp(min=1)
        error = self._target(batch) - shown
        caution = self.config.conservatism * (q.logsumexp(dim=1) - shown).mean()
        told = self.judging.step((tensor(corrections) * error.square()).mean() + caution)
        self.replay.reweigh(rows, error.detach().numpy())
        self.acting.step(self._regret(features, q.detach()))
        self.target.follow(self.critic, self.config.tracking)
        return told

    def values(self) -> Network:
        """Return the actor's scores as arrays."""
        return self.actor.exported()

    @torch.no_grad()
    def _target(self, batch: Experience) -> Tensor:
        following = tensor(batch.following)
        future = (self.actor(following).softmax(dim=1) * self.target(following)).sum(dim=1)
        earned = tensor(batch.rewards.sum(axis=1))
        target: Tensor = earned + self.config.discount * tensor(1.0 - batch.done) * future
        return target

    def _regret(self, features: Tensor, q: Tensor) -> Tensor:
        log_p = self.actor(features).log_softmax(dim=1)
        loss: Tensor = (log_p.exp() * (self.config.temperature * log_p - q)).sum(dim=1).mean()
        return loss
