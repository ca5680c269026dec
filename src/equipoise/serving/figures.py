"""The dashboard's figures, added up from facts in log order.

One thread adds and reports; a `Report` is immutable and may go to any thread. Memory is bounded by the
catalogue and by the number of slates remembered. Rewards arrive after their slate: each is credited to
the slate it names, in the time bucket in which that slate was served. Events that name no remembered
slate, or an item that was not on it, count as events and nothing else.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from equipoise.balance.reason import explained
from equipoise.data.rewards import RewardWeights
from equipoise.events.facts import Decision, Event, Item
from equipoise.serving.report import (
    LeastKnown,
    Mark,
    PolicyFigures,
    Report,
    ShownDecision,
    ShownItem,
    Totals,
    VariantFigures,
)
from equipoise.serving.series import SECOND, Buckets, ratio
from equipoise.serving.tally import Slate, Tally


class Figures:
    """Aggregates of everything served.

    `impressions` says which positions count as seen (see settings), `remember` how many slates may
    still be credited; `currency` is that of the newest event or item that names one.
    """

    def __init__(
        self,
        rewards: RewardWeights,
        *,
        impressions: Literal["served", "reported"] = "served",
        remember: int = 50_000,
        currency: str | None = None,
    ) -> None:
        self._rewards = rewards
        self._served_is_seen = impressions == "served"
        self._remember = remember
        self._slates: OrderedDict[str, Slate] = OrderedDict()
        self._tallies: dict[str, Tally] = {}
        self._buckets = Buckets()
        self._latest: deque[Decision] = deque(maxlen=30)
        self._marks: deque[Mark] = deque(maxlen=50)
        self._versions: dict[str, tuple[int, int]] = {}
        self._events = 0
        self._started: int | None = None
        self._currency = currency
        self._take: dict[type, Callable[[Any], None]] = {
            Decision: self._decision,
            Event: self._event,
            Item: self._item,
        }

    def add(self, facts: Iterable[tuple[int, Event | Decision | Item]]) -> None:
        """Count `facts`, given with their sequence numbers, each once and in log order."""
        for _, fact in facts:
            self._take[type(fact)](fact)

    def mark(self, label: str, time: int) -> None:
        """Note on the chart that something happened at `time` (microseconds)."""
        self._marks.append(Mark(time=time / SECOND, label=label))

    def considered(self, variant: str) -> Mapping[str, int]:
        """Return for how many slates of `variant` each item was a candidate; those for none are left out."""
        return self._tallies.get(variant, Tally()).considered

    def report(
        self,
        now: int,
        policies: Mapping[str, tuple[str, int]],
        least_known: Sequence[tuple[str, float]],
        title: Callable[[str], str],
    ) -> Report:
        """Return the figures as of `now` (microseconds); the first report starts the run.

        `policies` maps each variant to the name and version of its policy, the main one first;
        `least_known` are items of the main one, least certain first.
        """
        self._started = now if self._started is None else self._started
        for variant, (_, version) in policies.items():
            self._notice(variant, version, now)
        self._buckets.cover(self._started, now)
        main = next(iter(policies))
        return Report(
            now=now / SECOND,
            uptime_seconds=(now - self._started) / SECOND,
            currency=self._currency,
            policy=self._policy(main, *policies[main], now),
            totals=self._totals(),
            variants=tuple(self._variant(name, policy) for name, (policy, _) in policies.items()),
            series=self._buckets.series(now),
            marks=tuple(self._marks),
            least_known=self._least_known(main, least_known, title),
            decisions=tuple(_shown(decision, title) for decision in reversed(self._latest)),
        )

    def _decision(self, decision: Decision) -> None:
        items = tuple([choice.item_id for choice in decision.slate])
        explored = sum([1 << place for place, choice in enumerate(decision.slate) if choice.explored])
        slate = Slate(decision.variant, decision.timestamp, items, explored)
        self._slates[decision.recommendation_id] = slate
        if len(self._slates) > self._remember:
            self._slates.popitem(last=False)
        self._latest.append(decision)
        self._notice(decision.variant, decision.policy_version, decision.timestamp)
        tally = self._tally(decision.variant)
        tally.slates += 1
        tally.considered.update(decision.candidates)
        self._buckets.at(slate.variant, slate.time).slates += 1
        if self._served_is_seen:
            self._see(slate, (1 << len(items)) - 1)

    def _tally(self, variant: str) -> Tally:
        if variant not in self._tallies:
            self._tallies[variant] = Tally()
        return self._tallies[variant]

    def _event(self, event: Event) -> None:
        self._events += 1
        if event.currency is not None:
            self._currency = event.currency
        slate = None if event.recommendation_id is None else self._slates.get(event.recommendation_id)
        if slate is None:
            return
        place = slate.place(event)
        self._see(slate, slate.proven(event, place))
        if place is not None and event.event_type != "impression":
            self._respond(slate, 1 << place, event)

    def _item(self, item: Item) -> None:
        if item.currency is not None:
            self._currency = item.currency

    def _see(self, slate: Slate, positions: int) -> None:
        """Count the positions not seen before."""
        fresh = positions & ~slate.seen
        if fresh == 0:
            return
        slate.seen |= fresh
        explored = (fresh & slate.explored).bit_count()
        bucket = self._buckets.at(slate.variant, slate.time)
        for sums in (self._tallies[slate.variant], bucket):
            sums.impressions += fresh.bit_count()
            sums.explored += explored
        self._tallies[slate.variant].shown.update(slate.among(fresh))

    def _respond(self, slate: Slate, position: int, event: Event) -> None:
        """Credit what a shopper did with the item at `position` (one bit)."""
        tally = self._tallies[slate.variant]
        bucket = self._buckets.at(slate.variant, slate.time)
        match event.event_type:
            case "click":
                tally.clicks += 1
                tally.clicked += (position & ~slate.clicked).bit_count()
                slate.clicked |= position
            case "cart":
                tally.carts += 1
            case "purchase":
                tally.purchases += 1
                tally.bought += (position & ~slate.bought).bit_count()
                slate.bought |= position
        money = _money(event)
        tally.revenue += money
        bucket.revenue += money
        reward = self._rewards.of_event(event)
        tally.squares += (slate.reward + reward) ** 2 - slate.reward**2
        tally.reward += reward
        bucket.reward += reward
        slate.reward += reward

    def _notice(self, variant: str, version: int, time: int) -> None:
        known = self._versions.get(variant)
        if known is None or version > known[0]:
            self._versions[variant] = (version, time)

    def _policy(self, variant: str, name: str, version: int, now: int) -> PolicyFigures:
        since = self._versions[variant][1]
        return PolicyFigures(name=name, version=version, updated_seconds_ago=max(0, now - since) / SECOND)

    def _totals(self) -> Totals:
        tallies = self._tallies.values()
        return Totals(
            slates=sum(tally.slates for tally in tallies),
            impressions=sum(tally.impressions for tally in tallies),
            clicks=sum(tally.clicks for tally in tallies),
            carts=sum(tally.carts for tally in tallies),
            purchases=sum(tally.purchases for tally in tallies),
            revenue=sum(tally.revenue for tally in tallies),
            events=self._events,
        )

    def _variant(self, name: str, policy: str) -> VariantFigures:
        tally = self._tallies.get(name, Tally())
        low, high = tally.interval()
        return VariantFigures(
            variant=name,
            policy=policy,
            slates=tally.slates,
            click_rate=ratio(tally.clicked, tally.impressions),
            purchase_rate=ratio(tally.bought, tally.impressions),
            revenue_per_1000=ratio(1000 * tally.revenue, tally.slates),
            reward_per_slate=ratio(tally.reward, tally.slates),
            low=low,
            high=high,
            explored_share=ratio(tally.explored, tally.impressions),
        )

    def _least_known(
        self, variant: str, items: Sequence[tuple[str, float]], title: Callable[[str], str]
    ) -> tuple[LeastKnown, ...]:
        tally = self._tallies.get(variant, Tally())
        return tuple(
            LeastKnown(
                item_id=item,
                title=title(item),
                deviation=deviation,
                impressions=tally.shown[item],
                considered=tally.considered[item],
            )
            for item, deviation in items
        )


def _money(event: Event) -> float:
    sign = {"purchase": 1.0, "return": -1.0}.get(event.event_type, 0.0)
    return sign * (event.value or 0.0)


def _shown(decision: Decision, title: Callable[[str], str]) -> ShownDecision:
    return ShownDecision(
        recommendation_id=decision.recommendation_id,
        user_id=decision.user_id,
        session_id=decision.session_id,
        timestamp=decision.timestamp / SECOND,
        variant=decision.variant,
        reason=decision.reason,
        explanation=explained(decision.reason),
        exploration=decision.exploration,
        items=tuple(
            ShownItem(
                item_id=choice.item_id,
                title=title(choice.item_id),
                explored=choice.explored,
                source=choice.source,
                propensity=choice.propensity,
            )
            for choice in decision.slate
        ),
    )
