"""Who asks: the stage of the session and what is at stake, from what is remembered of the visitor."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from equipoise.balance.controller import Visit
from equipoise.balance.signals import stage_of
from equipoise.data.rewards import RewardWeights
from equipoise.events.facts import Item
from equipoise.serving.memory import TYPE_CODES, Memory, Visitor
from equipoise.serving.shelf import Shelf

SESSION = 1_800_000_000
"""Microseconds without an event after which a session is over."""
_CART, _OUT, _BOUGHT = (TYPE_CODES[name] for name in ("cart", "remove_from_cart", "purchase"))
_LATELY = 10
"""Items looked at that tell what is at stake."""


@dataclass(frozen=True, slots=True)
class _Session:
    """The events of a session, oldest first, as (item, type)."""

    rows: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, memory: Memory, asking: Iterable[Visitor], now: int) -> "_Session":
        """Return the events up to `now` with no long pause after them."""
        trails = [trail for visitor in asking if (trail := memory.trail(visitor)) is not None]
        rows = sorted({row for trail in trails for row in trail.rows()}, reverse=True)
        kept: list[tuple[int, int]] = []
        for time, item, kind in rows:
            if now - time > SESSION:
                break
            kept.append((item, kind))
            now = time
        return cls(kept[::-1])

    @property
    def basket(self) -> set[int]:
        """What was put in the basket and neither taken out nor bought."""
        inside: set[int] = set()
        for item, kind in self.rows:
            if kind == _CART:
                inside.add(item)
            elif kind in (_OUT, _BOUGHT):
                inside.discard(item)
        return inside


def visit_of(
    memory: Memory,
    asking: Sequence[Visitor],
    shelf: Shelf,
    rewards: RewardWeights,
    *,
    item: int | None,
    surface: str,
    now: int,
) -> Visit:
    """Return the visit of `asking`, who look at `item` if it is known, on `surface` at `now`."""
    session = _Session.of(memory, asking, now)
    looked_at = [code for code, _ in session.rows][-_LATELY:] + ([] if item is None else [item])
    worths = [_worth(shelf, code, rewards) for code in looked_at]
    basket = [_worth(shelf, code, rewards) for code in session.basket]
    return Visit(
        stage=stage_of(events=len(session.rows), in_cart=len(basket), surface=surface),
        worth=sum(worths) / len(worths) if worths else None,
        basket=max(sum(basket), 0.0),
    )


def _worth(shelf: Shelf, code: int, rewards: RewardWeights) -> float:
    """Return what one purchase of an item would earn."""
    (item,) = shelf.slice(code, code + 1) or (_UNKNOWN,)
    return rewards.of("purchase", item.price) + rewards.margin * (item.margin or 0.0)


_UNKNOWN = Item(item_id="", timestamp=0)
