"""One shopper's visit over HTTP: asks for a slate, looks, clicks, buys, and tells the server."""

from dataclasses import dataclass
from typing import Any

import aiohttp
import numpy as np

from equipoise.demo.world import World
from equipoise.random import derive
from equipoise.simulation import Reaction, Shoppers
from equipoise.types import Ints

SLATE = 10
NEW_VISITORS = 0.3
"""The share of visits by someone the shop does not know."""
COMES_BACK = 0.75
"""The chance to ask for another slate after each one, at most `MOST_SLATES`."""
MOST_SLATES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who comes on visit `number`; the same for every variant, so that only the slates differ."""

    number: int
    seed: int
    shopper: int
    user_id: str | None
    slates: int

    @classmethod
    def of(cls, world: World, number: int, seed: int) -> "Visitor":
        """Draw the visitor of visit `number`."""
        rng = derive(seed, "visitor", number)
        shopper = int(rng.integers(len(world.user_ids)))
        known = rng.random() >= NEW_VISITORS
        slates = min(int(rng.geometric(1 - COMES_BACK)), MOST_SLATES)
        user_id = world.user_ids[shopper] if known else None
        return cls(number=number, seed=seed, shopper=shopper, user_id=user_id, slates=slates)

    def luck(self, slate: int) -> np.random.Generator:
        """Return the randomness of the reaction to one slate."""
        return derive(self.seed, "reaction", self.number, slate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came of one slate."""

    reward: float
    revenue: float
    shown: int
    explored: int


class Door:
    """The HTTP API as a shopper's browser sees it."""

    def __init__(self, session: aiohttp.ClientSession, run: str) -> None:
        self._session = session
        self._run = run

    async def look(
        self, world: World, shoppers: Shoppers, visitor: Visitor, slate: int, variant: str
    ) -> Seen:
        """Ask for a slate of `variant`, react to it, and post what was done."""
        who = {"session_id": f"{self._run}-{visitor.number}-{variant}"}
        if visitor.user_id is not None:
            who["user_id"] = visitor.user_id
        answer = await self.post("/v1/recommendations", {**who, "k": SLATE, "context": {"variant": variant}})
        shown = answer["items"]
        codes = world.codes([choice["item_id"] for choice in shown])
        reaction = shoppers.react(visitor.shopper, codes, visitor.luck(slate))
        common = {**who, "recommendation_id": answer["recommendation_id"]}
        events = [*_events(reaction, world, shown, codes)]
        await self.post("/v1/events", [common | event for event in events])
        seen = int(reaction.seen.sum())
        return Seen(
            reward=float(reaction.rewards(shoppers.rewards).sum()),
            revenue=sum(event.get("value", 0.0) for event in events),
            shown=seen,
            explored=sum(choice["explored"] for choice in shown[:seen]),
        )

    async def post(self, path: str, body: Any) -> Any:
        """Post JSON and return the answer; raise on anything but success."""
        return await self._send("POST", path, body)

    async def put(self, path: str, body: Any) -> Any:
        """Put JSON and return the answer; raise on anything but success."""
        return await self._send("PUT", path, body)

    async def knows(self, item_id: str) -> bool:
        """Return whether the shop has this product."""
        # Asked as a list, for a product that is not there yet is no mistake for the server to log.
        return bool((await self._send("GET", f"/v1/items?ids={item_id}"))["items"])

    async def _send(self, method: str, path: str, body: Any = None) -> Any:
        async with self._session.request(method, path, json=body) as response:
            response.raise_for_status()
            return await response.json()


def _events(
    reaction: Reaction, world: World, shown: list[dict[str, Any]], codes: Ints
) -> list[dict[str, Any]]:
    """Return the events of a reaction: how far it was read, then what was clicked, carted and bought."""
    if not len(codes):
        return []
    events: list[dict[str, Any]] = [
        {"event_type": "impression", "position": int(reaction.seen.sum()) - 1},
    ]
    for place, choice in enumerate(shown):
        about = {"item_id": choice["item_id"], "position": place}
        if reaction.clicked[place]:
            events.append({**about, "event_type": "click"})
        if reaction.carted[place]:
            events.append({**about, "event_type": "cart"})
        if reaction.bought[place]:
            quantity = int(reaction.quantities[place])
            money = {"quantity": quantity, "value": round(quantity * float(world.prices[codes[place]]), 2)}
            events.append({**about, **money, "event_type": "purchase", "currency": "GBP"})
    return events
