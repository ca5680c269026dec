"""The guardrail's watch: which slates might explore, and what each had earned when its time was up."""

from collections import OrderedDict
from dataclasses import dataclass

from equipoise.balance.guardrail import Guard, GuardReading, Verdict
from equipoise.data.rewards import RewardWeights
from equipoise.events.facts import Decision, Event
from equipoise.serving.luck import luck

SECOND = 1_000_000
_MOST = 100_000
NO_TRIAL = Verdict(chance=0.0, explore=False)


@dataclass(slots=True)
class _Open:
    decision: Decision
    verdict: Verdict
    reward: float = 0.0


class Watch:
    """Adds up what each slate earns within `seconds`, or until 100,000 more were served, and closes it.

    Slates are closed in the order in which they were decided. A watch begins with nothing in reserve, also
    after a restart: what was certain before holds, and what comes is certain by itself.
    """

    def __init__(self, guard: Guard, rewards: RewardWeights, *, seconds: float, seed: int) -> None:
        self._guard, self._rewards, self._seed = guard, rewards, seed
        self._wait = int(seconds * SECOND)
        self._open: OrderedDict[str, _Open] = OrderedDict()

    def verdict(self, recommendation_id: str, now: int) -> Verdict:
        """Return whether a slate may explore, as of `now` (microseconds)."""
        self._close(now)
        return self._guard.verdict(luck(self._seed, "guardrail", recommendation_id))

    def open(self, decision: Decision, verdict: Verdict) -> None:
        """Begin to add up what `decision` earns."""
        self._open[decision.recommendation_id] = _Open(decision, verdict)
        self._guard.open(verdict)

    def drop(self, recommendation_id: str) -> None:
        """Forget a slate that nobody was shown."""
        self._guard.drop(self._open.pop(recommendation_id).verdict)

    def happened(self, event: Event) -> None:
        """Credit `event` to the slate it names, if that is open and held the item."""
        slate = self._open.get(event.recommendation_id or "")
        if slate is not None and is_on(slate.decision, event):
            slate.reward += self._rewards.of_event(event)

    @property
    def reading(self) -> GuardReading:
        """The guardrail's state."""
        return self._guard.reading

    def _close(self, now: int) -> None:
        while self._open:
            oldest = next(iter(self._open.values()))
            if len(self._open) <= _MOST and oldest.decision.timestamp > now - self._wait:
                return
            del self._open[oldest.decision.recommendation_id]
            self._guard.close(oldest.verdict, oldest.reward)


def is_on(decision: Decision, event: Event) -> bool:
    """Return whether `event` is about an item or a position of the slate of `decision`."""
    if event.item_id is not None:
        return any(choice.item_id == event.item_id for choice in decision.slate)
    return event.position is not None and 0 <= event.position < len(decision.slate)
