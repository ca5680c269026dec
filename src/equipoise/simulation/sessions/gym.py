"""The session environment with the interface of Gymnasium (Towers et al., 2024), for any agent.

Needs gymnasium: pip install 'equipoise[rl]'.
"""

from typing import Any

import numpy as np

from equipoise.errors import BadInputError, MissingExtraError
from equipoise.policies.policy import NOTHING, Slates
from equipoise.random import derive
from equipoise.simulation.protocol import Environment
from equipoise.simulation.sessions.crowd import ABOUT, Crowd, Outcome
from equipoise.simulation.sessions.rules import SessionRules
from equipoise.simulation.sessions.shop import SessionShop
from equipoise.types import Floats, Ints

try:
    import gymnasium
    from gymnasium import spaces
except ModuleNotFoundError as error:
    raise MissingExtraError("rl", "the Gymnasium interface") from error

_LOW, _HIGH = -100.0, 100.0


class SessionEnv(gymnasium.Env[Floats, Ints]):
    """One shopper over `rules.days` days; a step is a slate of `k` of `m` candidates.

    An observation holds the request's figures and then those of each candidate in turn, float32; an action
    names the candidates of the slate from the top, a place shown twice counts once. The reward is that of
    the slate; `info` tells what happened: `clicked` (the position, or -1), `carted`, `bought`, `left`.
    """

    metadata = {"render_modes": []}  # noqa: RUF012

    def __init__(
        self,
        shop: SessionShop,
        rules: SessionRules | None = None,
        *,
        m: int = 20,
        k: int = 5,
        seed: int = 0,
        render_mode: None = None,
    ) -> None:
        self.shop, self.rules, self.m, self.k = shop, rules or SessionRules(), m, k
        self.render_mode = render_mode
        self.crowd = self._arrived(seed)
        self.own = self.crowd.n_features - len(ABOUT)
        size = len(ABOUT) + m * self.own
        self.observation_space = spaces.Box(_LOW, _HIGH, (size,), np.float32)
        self.action_space = spaces.MultiDiscrete(np.full(k, m))

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Floats, dict[str, Any]]:
        """Let another shopper come; the same `seed` brings the same one and the same luck."""
        super().reset(seed=seed)
        if seed is not None:
            self.crowd = self._arrived(seed)
        else:
            self.crowd.restart()
        return self._seen(), {}

    def step(self, action: Ints) -> tuple[Floats, float, bool, bool, dict[str, Any]]:
        """Show a slate."""
        outcome = self.crowd.step(np.asarray(action, np.int64)[None, :])
        return self._seen(), float(outcome.rewards.sum()), bool(outcome.done[0]), False, _told(outcome)

    def _arrived(self, seed: int) -> Crowd:
        rng = derive(seed, "session")
        return Crowd(shop=self.shop, rules=self.rules, rng=rng, n=1, m=self.m, k=self.k)

    def _seen(self) -> Floats:
        options = self.crowd.options()
        own = options.features[0, :, : self.own].ravel()
        seen: Floats = np.clip(np.concatenate([options.context[0], own]), _LOW, _HIGH).astype(np.float32)
        return seen


class RequestEnv(gymnasium.Env[Floats, Ints]):
    """Any environment of this project with the interface of Gymnasium: a step is one request.

    Every episode has `rounds` requests, which no slate changes; then it is truncated. What is unknown of a
    reward (NaN) is none, and rewards that come late are left out.
    """

    metadata = {"render_modes": []}  # noqa: RUF012

    def __init__(self, environment: Environment, *, k: int = 1, rounds: int = 1_000) -> None:
        self.environment, self.k, self.rounds, self.round = environment, k, rounds, 0
        self.options = environment.requests(1)
        if len(self.options) == 0:
            raise BadInputError("environment", "has no requests")
        n_features = self.options.features.shape[2]
        self.observation_space = spaces.Box(_LOW, _HIGH, (self.options.items.shape[1] * n_features,))
        self.action_space = spaces.MultiDiscrete(np.full(k, self.options.items.shape[1]))

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Floats, dict[str, Any]]:
        """Go on with the next request; the environment's own seed was given where it was made."""
        super().reset(seed=seed)
        self.round = 0
        return self._seen(), {}

    def step(self, action: Ints) -> tuple[Floats, float, bool, bool, dict[str, Any]]:
        """Show a slate, and come to the next request."""
        slates = _certain(np.asarray(action, np.int64)[None, :])
        reward = float(np.nansum(self.environment.react(self.options, slates)))
        self.round += 1
        following = self.environment.requests(1)
        self.options = following if len(following) else self.options
        return self._seen(), reward, False, self.round >= self.rounds or len(following) == 0, {}

    def _seen(self) -> Floats:
        seen: Floats = np.clip(self.options.features[0].ravel(), _LOW, _HIGH).astype(np.float32)
        return seen


def _told(outcome: Outcome) -> dict[str, Any]:
    names = ("clicked", "carted", "bought", "left")
    return {name: int(getattr(outcome, name)[0]) for name in names}


def _certain(actions: Ints) -> Slates:
    """Return the slate as one chosen for sure; a place that comes again is left empty."""
    first = np.array([[place not in row[:at] for at, place in enumerate(row)] for row in actions.tolist()])
    return Slates(
        actions=np.where(first, actions, NOTHING),
        propensities=np.ones(actions.shape),
        explored=np.zeros(actions.shape, np.bool_),
        exploration=np.zeros(len(actions)),
    )
