"""What a given policy's slates are worth in the long term: fitted Q evaluation with SlateQ's decomposition.

Le, Voloshin and Yue (2019), "Batch policy learning under constraints", with the policy's next slate in the
place of the best one, and Q of a slate made of a choice model and Q of a click (Ie et al., 2019).
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from equipoise.data.experience import Experience
from equipoise.errors import BadInputError
from equipoise.models.reinforcement.net import tensor
from equipoise.models.reinforcement.slate_q import SlateQ, SlateQPupil
from equipoise.models.reinforcement.slate_values import SlateValues, expected
from equipoise.models.reinforcement.values import nothing_shown
from equipoise.types import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class SlateEvaluation:
    """Learns like `learner`, from a log alone, but what `places` say is shown next; `updates` times."""

    learner: SlateQ
    updates: int = 3_000

    def fit(self, log: Experience, places: Ints, *, n_own: int, rng: np.random.Generator) -> SlateValues:
        """Return the values of the policy that shows `places` (n, k) at the following requests of `log`.

        The first `n_own` features are the candidate's own.
        """
        if places.shape != log.places.shape or self.updates < 1:
            raise BadInputError("places", f"must be {log.places.shape}, and updates at least 1")
        # Preferring what surprises would take rare large rewards for usual ones, and with them all values.
        learner = replace(self.learner, capacity=len(log), priority=0.0)
        begun = learner.start(log, n_own=n_own, rng=rng)
        pupil = _Evaluating(begun.config, begun.q, begun.choice, n_own, log.places.shape[1])
        pupil.shown_next = places
        pupil.see(log)
        for _ in range(self.updates):
            pupil.learn(rng)
        return pupil.values()


class _Evaluating(SlateQPupil):
    shown_next: Ints

    @torch.no_grad()
    def _target(self, batch: Experience, rows: Ints) -> Tensor:
        features = tensor(batch.following)
        odds = self.choice(features).clamp(-20.0, 20.0).exp().numpy()
        none = self.target(tensor(nothing_shown(batch.following, self.n_own))).numpy()
        looked = (self.looked - self.looked[0]).exp().numpy()
        future = expected(odds, self.target(features).numpy(), none, looked, self.shown_next[rows])
        earned = batch.rewards.sum(axis=1) + self.config.discount * (1.0 - batch.done) * future
        return tensor(earned)
