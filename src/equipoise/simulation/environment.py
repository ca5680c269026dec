"""A shop as an environment: visitors ask, a policy chooses, they react, and part-way the world changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from equipoise.data.catalogue import Catalogue
from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.policies.policy import Options, Policy, Slates
from equipoise.random import derive
from equipoise.recommenders.recommender import Batch, Recommender
from equipoise.recommenders.view import Request
from equipoise.simulation.behaviour import Reaction
from equipoise.simulation.shoppers import NOTHING, Shoppers
from equipoise.simulation.visits import Visit
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """How the world is once `start` slates were served."""

    start: int
    shoppers: Shoppers
    catalogue: Catalogue


@dataclass(slots=True, kw_only=True)
class ShopEnvironment:
    """Visitors to a shop, many at once, each for `visit_slates` slates; then others come.

    Who comes and how their luck falls depends on `seed` and the number of slates served so far, not on
    what was shown: policies that meet the same environment meet the same shoppers. `histories` are what
    each shopper bought before, `eras` the states of the world in order, the first from 0.
    """

    recommender: Recommender
    eras: Sequence[Era]
    histories: Histories
    seed: int
    visit_slates: int = 4
    served: int = 0
    _visits: list[Visit] = field(default_factory=list)
    _batch: Batch | None = None

    def __post_init__(self) -> None:
        if not self.eras or self.eras[0].start != 0:
            raise BadInputError("eras", "the first must start at 0")

    @property
    def era(self) -> Era:
        """The state of the world now."""
        return [era for era in self.eras if era.start <= self.served][-1]

    def requests(self, n: int) -> Options:
        """Return what `n` visitors may be shown."""
        self._visits = [visit for visit in self._visits if visit.slates < self.visit_slates][:n]
        self._visits += self._newcomers(n - len(self._visits))
        asked = [Request(history=visit.history, now=self.served) for visit in self._visits]
        self._batch = self.recommender.options(asked, self.era.catalogue)
        return self._batch.options

    def chooser(self, policy: Policy, options: Options) -> Policy:
        """Return `policy` as the shop serves it: with their share for new arrivals."""
        return replace(self.recommender, policy=policy).chooser(options, self.era.catalogue)

    def react(self, options: Options, slates: Slates) -> Floats:
        """Return the reward (n, k) of each position of the slates shown to the latest visitors."""
        items = shown(options, slates)
        rng = derive(self.seed, "reactions", self.served)
        era = self.era
        reaction = era.shoppers.react_all(self._shoppers(), items, rng)
        self._remember(items, reaction)
        self.served += len(items)
        return reaction.rewards(era.shoppers.rewards)

    def expected(self, options: Options, slates: Slates) -> Floats:
        """Return the expected reward (n,) of the slates, were they shown to the latest visitors."""
        return np.asarray(self.era.shoppers.expected(self._shoppers(), shown(options, slates)).sum(axis=1))

    def best(self, options: Options, k: int) -> Floats:
        """Return the expected reward of the best slate of `k` of the options, (n,)."""
        shoppers = self.era.shoppers
        clicks = -np.sort(-shoppers.clicks(self._shoppers(), options.items), axis=1)[:, :k]
        return np.asarray(shoppers.behaviour.expected(clicks, shoppers.rewards).sum(axis=1))

    def _newcomers(self, n: int) -> list[Visit]:
        rng = derive(self.seed, "visits", self.served)
        return [Visit.of(int(who), self.histories) for who in rng.integers(len(self.histories), size=n)]

    def _shoppers(self) -> Ints:
        return np.array([visit.shopper for visit in self._visits], np.int64)

    def _remember(self, items: Ints, reaction: Reaction) -> None:
        self._visits = [visit.after(items[row], reaction.row(row)) for row, visit in enumerate(self._visits)]


def shown(options: Options, slates: Slates) -> Ints:
    """Return the item codes (n, k) of slates, -1 where nothing was left."""
    places = np.where(slates.actions == NOTHING, 0, slates.actions)
    items = np.take_along_axis(options.items, places, axis=1)
    return np.where(slates.actions == NOTHING, NOTHING, items)
