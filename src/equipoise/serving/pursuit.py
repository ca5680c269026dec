"""What policies are after: the reward that each variant learns from, and the price of engagement in it."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from equipoise.balance.objectives import Lagrangian, Outcome
from equipoise.data.rewards import RewardWeights
from equipoise.events.facts import Decision, Event
from equipoise.serving.feed import Numbered
from equipoise.serving.watch import is_on

_MOST = 20_000
"""Slates whose outcomes still count; what comes for an older one is left out, for all variants alike."""


@dataclass(slots=True)
class _Sum:
    slates: int = 0
    earned: float = 0.0
    engaged: float = 0.0

    def outcome(self) -> Outcome:
        return Outcome(slates=self.slates, earned=self.earned, engaged=self.engaged)


@dataclass(slots=True, kw_only=True)
class Pursuit:
    """Learns from the log what engagement costs, by a `Lagrangian`.

    The policy of the variant `reference` learns from engagement alone, and tells what the best engagement
    is; the `learning` variants learn from the one reward of the Lagrangian, and are held to its floor. With
    no reference nothing can be compared, and all learn from what slates earn. Used from one thread; any
    thread may read `lagrangian`, which is replaced whole.
    """

    lagrangian: Lagrangian
    reference: str | None
    learning: frozenset[str]
    _shown: OrderedDict[str, Decision] = field(default_factory=OrderedDict, repr=False)

    @property
    def rewards(self) -> Mapping[str, RewardWeights]:
        """What each variant learns from now, where that is not what slates earn."""
        if self.reference is None:
            return {}
        ours = dict.fromkeys(self.learning, self.lagrangian.rewards)
        return {**ours, self.reference: self.lagrangian.objective.engages}

    def add(self, facts: Iterable[Numbered], *, after: int) -> None:
        """Count `facts`, numbered and in order; those numbered up to `after` were counted before."""
        if self.reference is None:
            return
        ours, reference = _Sum(), _Sum()
        for seq, fact in facts:
            if isinstance(fact, Decision):
                self._remember(fact)
            total = self._counts_in(fact, ours, reference)
            if total is not None and seq > after:
                self._count(fact, total)
        self.lagrangian = self.lagrangian.add(ours.outcome(), reference.outcome())

    def _counts_in(self, fact: object, ours: _Sum, reference: _Sum) -> _Sum | None:
        """Return the sum that `fact` belongs to, None where it belongs to neither."""
        slate = fact if isinstance(fact, Decision) else self._slate(fact)
        if slate is None:
            return None
        if slate.variant == self.reference:
            return reference
        return ours if slate.variant in self.learning else None

    def _slate(self, fact: object) -> Decision | None:
        if not isinstance(fact, Event) or fact.recommendation_id is None:
            return None
        slate = self._shown.get(fact.recommendation_id)
        return slate if slate is not None and is_on(slate, fact) else None

    def _count(self, fact: object, total: _Sum) -> None:
        if isinstance(fact, Event):
            objective = self.lagrangian.objective
            total.earned += objective.earns.of_event(fact)
            total.engaged += objective.engages.of_event(fact)
        else:
            total.slates += 1

    def _remember(self, decision: Decision) -> None:
        self._shown[decision.recommendation_id] = decision
        if len(self._shown) > _MOST:
            self._shown.popitem(last=False)
