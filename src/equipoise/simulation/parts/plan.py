"""The parts of a simulated shop, and the requests that they make."""

from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from equipoise.policies.policy import Options
from equipoise.random import derive
from equipoise.simulation.parts.candidates import Candidates
from equipoise.simulation.parts.click_models import ClickModel
from equipoise.simulation.parts.delays import AtOnce, Delay
from equipoise.simulation.parts.encoding import Encoding, crossed
from equipoise.simulation.parts.items import Items
from equipoise.simulation.parts.links import Identity, Link, logistic_at
from equipoise.simulation.parts.payouts import Exact, Payout
from equipoise.simulation.parts.satiation import Insatiable, Satiation
from equipoise.simulation.parts.taste import Sight, Term
from equipoise.simulation.parts.visitors import Visitors
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(Options):
    """Requests with what only the shop knows; policies must read no more than `Options` has.

    `appeals` (n, m) is what each candidate brings if looked at, `worths` (n, m) the expected reward
    of one of that, `groups` (n, m) which are alike, `patience` (n,) that of the visitors.
    """

    appeals: Floats
    worths: Floats
    groups: Ints
    patience: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The parts of a shop: who comes, what may be shown, what is liked, and what is done about it."""

    items: Items
    candidates: Candidates
    visitors: Visitors
    terms: tuple[Term, ...]
    clicks: ClickModel
    encode: Encoding = crossed
    link: Link = field(default_factory=Identity)
    satiation: Satiation = field(default_factory=Insatiable)
    payout: Payout = field(default_factory=Exact)
    delay: Delay = field(default_factory=AtOnce)

    def clicked_at(self, rate: float, *, seed: int) -> Self:
        """Return the plan with a logistic link: looked at, random candidates are clicked at `rate`.

        That is the mean over the first 100,000 rounds.
        """
        sample = self._sight(np.arange(0, 100_000, 50), derive(seed, "calibration"))
        return replace(self, link=logistic_at(rate, self._utilities(sample)))

    def scene(self, times: Ints, rng: np.random.Generator) -> Scene:
        """Return one request for each of the rounds `times` (n,)."""
        sight = self._sight(times, rng)
        return Scene(
            items=sight.codes,
            scores=np.zeros(sight.codes.shape),
            features=sight.features,
            context=self.visitors.context(sight.crowd),
            appeals=self.link.appeals(self._utilities(sight)),
            worths=self.items.worth[sight.codes],
            groups=self.items.groups[sight.codes],
            patience=sight.crowd.patience,
        )

    def _sight(self, times: Ints, rng: np.random.Generator) -> Sight:
        crowd = self.visitors.draw(len(times), rng)
        codes = self.candidates.codes(times, rng)
        content = self.items.content[codes]
        features = self.encode(content, crowd.traits)
        return Sight(crowd=crowd, times=times, codes=codes, content=content, features=features)

    def _utilities(self, sight: Sight) -> Floats:
        total = self.terms[0].utilities(sight)
        for term in self.terms[1:]:
            total = total + term.utilities(sight)
        return total
