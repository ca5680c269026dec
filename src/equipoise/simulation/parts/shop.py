"""A simulated shop: a plan, two streams of chance, and a clock."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.policy import NOTHING, Options, Slates
from equipoise.random import derive
from equipoise.simulation.impressions import chosen, impressions
from equipoise.simulation.parts.delays import Post
from equipoise.simulation.parts.plan import Plan, Scene
from equipoise.types import Floats, Ints


@dataclass(slots=True, kw_only=True)
class Shop:
    """A world whose truth is known (`equipoise.simulation.protocol.World`).

    Requests and reactions draw from streams of their own: policies on the same seed meet the same
    requests, whatever they show.
    """

    plan: Plan
    visits: np.random.Generator
    whims: np.random.Generator
    clock: int = 0
    post: Post = field(default_factory=Post)

    @classmethod
    def opened(cls, plan: Plan, *, seed: int) -> Self:
        """Return the shop of `plan` at round 0."""
        return cls(plan=plan, visits=derive(seed, "requests"), whims=derive(seed, "reactions"))

    def requests(self, n: int) -> Scene:
        """Return the next `n` requests; n rounds pass."""
        times = np.arange(self.clock, self.clock + n)
        self.clock += n
        return self.plan.scene(times, self.visits)

    def react(self, options: Options, slates: Slates) -> Floats:
        """Return what each position earned at once, (n, k)."""
        scene = _own(options)
        outcomes = self.plan.clicks.draw(self._appeals(scene, slates.actions), scene.patience, self.whims)
        payouts = self.plan.payout.draw(chosen(scene.worths, slates.actions), self.whims)
        rewards = outcomes * payouts
        delays = self.plan.delay.draw(rewards.shape, self.whims)
        self._send(scene, slates, rewards, delays)
        return np.where(delays == 0, rewards, 0.0)

    def value(self, options: Options, slates: Slates) -> Floats:
        """Return the expected reward of each slate, (n,), late rewards included."""
        return self._value(_own(options), slates.actions)

    def best(self, options: Options, k: int) -> Floats:
        """Return the expected reward of the best slate of `k`, (n,)."""
        scene = _own(options)
        size = min(k, scene.items.shape[1])
        slates = self.plan.satiation.best(scene.appeals * scene.worths, scene.groups, size)
        return self._value(scene, slates)

    def late(self) -> LoggedFeedback:
        """Return the rewards that have arrived since last asked."""
        return self.post.collect(self.clock)

    def _value(self, scene: Scene, actions: Ints) -> Floats:
        outcomes = self.plan.clicks.expected(self._appeals(scene, actions), scene.patience)
        earned = (outcomes * chosen(scene.worths, actions)).sum(axis=1)
        return np.asarray(self.plan.delay.credited * earned)

    def _appeals(self, scene: Scene, actions: Ints) -> Floats:
        groups = np.where(actions < 0, NOTHING, chosen(scene.groups, actions))
        return chosen(scene.appeals, actions) * self.plan.satiation.left(groups)

    def _send(self, scene: Scene, slates: Slates, rewards: Floats, delays: Ints) -> None:
        late = (delays > 0) & (rewards != 0) & (slates.actions >= 0)
        if late.any():
            rows = impressions(scene, slates, np.where(late, rewards, np.nan))
            self.post.send(rows, self.clock + delays[late])


def _own(options: Options) -> Scene:
    if not isinstance(options, Scene):
        raise BadInputError("options", "are not of this shop; react to what its `requests` returned")
    return options
