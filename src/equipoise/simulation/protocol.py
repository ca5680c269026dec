"""Shoppers as a policy meets them: requests come, slates are shown, rewards follow."""

from typing import Protocol, runtime_checkable

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.policy import Options, Slates
from equipoise.types import Floats


@runtime_checkable
class Environment(Protocol):
    """A source of requests that answers slates; it keeps the time, one round for each request."""

    def requests(self, n: int) -> Options:
        """Return the next `n` requests, fewer at the end of a log; n rounds pass."""
        ...

    def react(self, options: Options, slates: Slates) -> Floats:
        """Return what each position earned at once, (n, k); 0 where nothing was shown.

        NaN means that nothing can be known of a position: it brings no news, and a request that is
        NaN throughout does not count. Rewards that come later come from `late`, where there is one.
        """
        ...

    def best(self, options: Options, k: int) -> Floats:
        """Return the expected reward, late included, of the best slate of `k`, (n,); NaN if unknown."""
        ...


@runtime_checkable
class Valued(Protocol):
    """An environment that knows what any slate is expected to earn: regret is then free of noise."""

    def value(self, options: Options, slates: Slates) -> Floats:
        """Return the expected reward of each slate, (n,), late rewards included."""
        ...


@runtime_checkable
class Late(Protocol):
    """An environment in which some rewards arrive rounds after their impression."""

    def late(self) -> LoggedFeedback:
        """Return the rewards that have arrived since last asked; their impressions were counted before."""
        ...


@runtime_checkable
class World(Environment, Valued, Late, Protocol):
    """An environment whose truth is known throughout."""


class WorldConfig(Protocol):
    """The description of a world: a frozen dataclass."""

    def start(self, seed: int) -> Environment:
        """Return the world of this seed, at its first round; the same seed gives the same world."""
        ...
