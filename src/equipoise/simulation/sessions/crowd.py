"""Many shoppers at once, through slates, visits and days: the engine of the session environment."""

from dataclasses import dataclass, field

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.policy import NOTHING, Options, Slates
from equipoise.simulation.sessions.kernels import candidates_into, features_into, live_into
from equipoise.simulation.sessions.rules import SessionRules
from equipoise.simulation.sessions.shop import SessionShop
from equipoise.types import Floats, Ints

OWN = ("appeal", "tired of it", "joy", "price", "in cart already", "looked at last", "shown lately")
"""What is known of each candidate, before its cluster."""
ABOUT = ("constant", "slates of the visit", "cart", "satiation", "days to come", "days with a visit", "mood")
"""What is known of each request; its mood is the joy of what was clicked and bought lately."""
RECENT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What slates of n shoppers came to.

    `rewards` (n, k) of each position; `clicked` (n,) the position clicked, -1 for none, `carted` and
    `bought` (n,) 0 or 1; `left` (n,) whether the visit ended, `done` (n,) whether the days are over: another
    shopper has then come in that row.
    """

    rewards: Floats
    clicked: Ints
    carted: Ints
    bought: Ints
    left: Ints
    done: Ints


@dataclass(slots=True, kw_only=True)
class Crowd:
    """n shoppers of a `shop`, shown slates of `k` of `m` candidates; every array is of fixed size.

    `who`, `day`, `slate` and `came` (n,) count; `sated` (n, c), `mood` (n,), `carts` (n, c) and `recent`
    (n, 5), newest first, -1 where there were fewer. Half of the candidates are among the items liked best.
    """

    shop: SessionShop
    rules: SessionRules
    rng: np.random.Generator
    n: int
    m: int = 20
    k: int = 5
    who: Ints = field(init=False)
    day: Ints = field(init=False)
    slate: Ints = field(init=False)
    came: Ints = field(init=False)
    sated: Floats = field(init=False)
    mood: Floats = field(init=False)
    carts: Ints = field(init=False)
    recent: Ints = field(init=False)
    candidates: Ints = field(init=False)
    _parts: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        if not 1 <= self.k <= self.m <= min(2 * self.shop.liked, len(self.shop.joys)):
            raise BadInputError("k", f"slates of {self.k} of {self.m} candidates cannot be made here")
        n, c = self.n, self.shop.n_clusters
        self.day, self.slate, self.came = (np.zeros(n, np.int64) for _ in range(3))
        self.sated, self.mood, self.carts = np.zeros((n, c)), np.zeros(n), np.zeros((n, c), np.int64)
        self.recent, self.candidates = np.full((n, RECENT), NOTHING), np.zeros((n, self.m), np.int64)
        self._parts = _numbers(self.rules)
        self.restart()

    def restart(self) -> None:
        """Begin anew, each with another shopper."""
        self.who = self.rng.integers(self.shop.n_people, size=self.n)
        self.day[:], self.slate[:], self.came[:] = 0, 0, 1
        self.sated[:], self.mood[:], self.carts[:], self.recent[:] = 0.0, 0.0, 0, NOTHING
        self._draw()

    @property
    def n_features(self) -> int:
        """How many features a candidate has."""
        return len(OWN) + self.shop.n_clusters + len(ABOUT)

    def options(self) -> Options:
        """Return what may be shown to each; features are those of the candidate, then of the request."""
        features, context = np.empty((self.n, self.m, self.n_features)), np.empty((self.n, len(ABOUT)))
        features_into(
            self.shop.appeals,
            self.shop.labels,
            self.shop.joys,
            self.shop.prices,
            self.who,
            self.day,
            self.slate,
            self.came,
            self.sated,
            self.mood,
            self.carts,
            self.recent,
            self.candidates,
            float(self.rules.slates),
            float(self.rules.days),
            features,
            context,
        )
        items = self.candidates.copy()
        return Options(items=items, scores=features[:, :, 0].copy(), features=features, context=context)

    def step(self, places: Ints) -> Outcome:
        """Show the candidates at `places` (n, k), -1 for nothing; a place shown twice counts once."""
        if places.shape != (self.n, self.k) or places.min() < NOTHING or places.max() >= self.m:
            raise BadInputError("places", f"must be ({self.n}, {self.k}) of 0 to {self.m - 1}, or -1")
        happened = np.zeros((5, self.n), np.int64)
        rewards, chance = np.zeros((self.n, self.k)), self.rng.random((self.n, 5 + self.rules.days))
        live_into(
            self.shop.appeals,
            self.shop.labels,
            self.shop.joys,
            places.astype(np.int64),
            chance,
            self._parts,
            self.who,
            self.day,
            self.slate,
            self.came,
            self.sated,
            self.mood,
            self.carts,
            self.recent,
            self.candidates,
            rewards,
            happened,
        )
        self._draw()
        clicked, carted, bought, left, done = happened
        return Outcome(rewards=rewards, clicked=clicked, carted=carted, bought=bought, left=left, done=done)

    def _draw(self) -> None:
        candidates_into(
            self.shop.order, self.shop.liked, self.who, self.rng.random((self.n, 3)), self.candidates
        )


@dataclass(slots=True)
class CrowdEnvironment:
    """A crowd as the policies of this project meet environments: each request is one of its shoppers.

    The best slate is not known, so there is no regret.
    """

    crowd: Crowd

    def requests(self, n: int) -> Options:
        """Return what the crowd may be shown; `n` must be its size."""
        if n != self.crowd.n:
            raise BadInputError("batch", f"must be the {self.crowd.n} shoppers of this crowd, not {n}")
        return self.crowd.options()

    def react(self, options: Options, slates: Slates) -> Floats:
        """Return what each position earned, (n, k)."""
        return self.crowd.step(slates.actions).rewards

    def best(self, options: Options, k: int) -> Floats:
        """Return NaN: nobody knows."""
        return np.full(len(options), np.nan)


def _numbers(rules: SessionRules) -> tuple[float, ...]:
    """Return the figures in the order in which the kernel reads them."""
    worth = rules.rewards
    return (
        rules.looked,
        rules.tires,
        rules.cart_rate,
        rules.abandonment,
        float(rules.slates),
        rules.leaves,
        rules.bored,
        rules.satiates,
        rules.keeps,
        rules.delights,
        rules.remembers,
        rules.returns,
        rules.mood,
        rules.fed_up,
        float(rules.days),
        worth.click,
        worth.cart,
        worth.purchase,
    )
