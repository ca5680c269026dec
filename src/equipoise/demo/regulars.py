"""Shoppers who come again, or do not: each lives through their days with every variant, over HTTP.

They are those of the session environment, so what they were shown changes what they do next. Half-way the
log is learnt from, and from then on one variant looks ahead.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import numpy as np

from equipoise.demo.tally import Mean
from equipoise.demo.visit import SLATE, Door
from equipoise.demo.world import World
from equipoise.random import derive
from equipoise.simulation.sessions.crowd import Crowd
from equipoise.simulation.sessions.rules import SessionRules
from equipoise.simulation.sessions.shop import SessionShop
from equipoise.types import Ints

VARIANTS = ("policy", "long_term", "random")
AHEAD = "long_term"
"""The variant that looks ahead once there is something to look ahead by."""
_AT_ONCE = 8
_SECONDS_TO_SWAP = 2.0


@dataclass(slots=True)
class Life:
    """One shopper's days with one variant; the same `number` is the same person with the same luck."""

    shop: SessionShop
    world: World
    name: str
    crowd: Crowd
    visit: int = 0
    earned: float = 0.0
    slates: int = 0

    @classmethod
    def of(cls, shop: SessionShop, world: World, *, run: str, number: int, seed: int, variant: str) -> "Life":
        """Let shopper `number` of the run begin with `variant`."""
        crowd = Crowd(
            shop=shop, rules=SessionRules(), rng=derive(seed, "regular", number), n=1, m=SLATE, k=SLATE
        )
        return cls(shop, world, f"{run}-{number}-{variant}", crowd)

    async def lived(self, door: Door, variant: str) -> "Life":
        """Go on to the last day, and return."""
        over = False
        while not over:
            over = await self._slate(door, variant)
        return self

    async def _slate(self, door: Door, variant: str) -> bool:
        who = {"user_id": self.name, "session_id": f"{self.name}-{self.visit}"}
        asked = {**who, "k": SLATE, "context": {"variant": variant}}
        answer = await door.post("/v1/recommendations", asked)
        ids = [choice["item_id"] for choice in answer["items"]]
        codes = self.world.codes(ids)
        outcome = self.crowd.step(self._offered(codes))
        told = {**who, "recommendation_id": answer["recommendation_id"]}
        place = int(outcome.clicked[0])
        events: list[dict[str, Any]] = [{"event_type": "impression", "position": len(ids) - 1}]
        happened = (("click", True), ("cart", bool(outcome.carted[0])), ("purchase", bool(outcome.bought[0])))
        if place >= 0:
            about = {"item_id": ids[place], "position": place}
            events += [{**about, "event_type": kind} for kind, so in happened if so]
        await door.post("/v1/events", [{**told, **event} for event in events])
        self.earned += float(outcome.rewards.sum())
        self.slates += 1
        self.visit += int(outcome.left[0])
        return bool(outcome.done[0])

    def _offered(self, codes: Ints) -> Ints:
        """Offer the products `codes`, and return their places; -1 for what these shoppers never heard of."""
        places = np.full((1, SLATE), -1)
        places[0, : len(codes)] = np.where(codes >= 0, np.arange(len(codes)), -1)
        self.crowd.candidates[0, : len(codes)] = np.maximum(codes, 0)
        return places


@dataclass(slots=True)
class Earned:
    """What shoppers earned over all their days, by variant, and what looking ahead added to each."""

    returns: dict[str, Mean] = field(default_factory=lambda: {name: Mean() for name in VARIANTS})
    slates: dict[str, Mean] = field(default_factory=lambda: {name: Mean() for name in VARIANTS})
    added: Mean = field(default_factory=Mean)

    def add(self, lives: dict[str, Life]) -> None:
        """Take in what one shopper earned with each variant."""
        for name, life in lives.items():
            self.returns[name].add(life.earned)
            self.slates[name].add(life.slates)
        self.added.add(lives[AHEAD].earned - lives["policy"].earned)

    def told(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        seen = {name: mean for name, mean in self.returns.items() if mean.count}
        return {
            "shoppers": self.added.count,
            "return_per_shopper": {name: mean.interval() for name, mean in seen.items()},
            "slates_per_shopper": {name: self.slates[name].mean for name in seen},
            "looking_ahead_adds": self.added.interval(),
        }


@dataclass(slots=True, kw_only=True)
class Regulars:
    """Everyone who comes in one run: for half of `seconds` to be learnt from, then to compare.

    `learn` makes long-term values of the log, publishes them, and returns from how many slates.
    """

    shop: SessionShop
    world: World
    door: Door
    run: str
    seed: int
    seconds: float
    learn: Callable[[], int]
    number: int = 0
    before: Earned = field(default_factory=Earned)
    after: Earned = field(default_factory=Earned)
    steps: int = 0

    async def come(self) -> None:
        """Live, let the log be learnt from, and live on."""
        await self._come(VARIANTS, self.before)
        self.steps = await asyncio.to_thread(self.learn)
        label = f"long-term values learnt from {self.steps:,} slates; {AHEAD} looks ahead from here"
        await self.door.post("/dashboard/marks", {"label": label})
        await asyncio.sleep(_SECONDS_TO_SWAP)
        await self._come(("policy", AHEAD), self.after)

    def summary(self) -> dict[str, Any]:
        """Return the figures so far as JSON values."""
        return {
            "learned_from": self.steps,
            "before": self.before.told(),
            "after": self.after.told(),
        }

    async def _come(self, variants: tuple[str, ...], earned: Earned) -> None:
        until = time.monotonic() + self.seconds / 2
        async with asyncio.TaskGroup() as tasks:
            for _ in range(_AT_ONCE):
                tasks.create_task(self._lives(variants, earned, until))

    async def _lives(self, variants: tuple[str, ...], earned: Earned, until: float) -> None:
        """Who has come is followed to the last day, also beyond the time, or long lives would count less."""
        while time.monotonic() < until:
            self.number += 1
            number = self.number
            lives = {
                name: Life.of(
                    self.shop, self.world, run=self.run, number=number, seed=self.seed, variant=name
                )
                for name in variants
            }
            earned.add({name: await life.lived(self.door, name) for name, life in lives.items()})


async def live(address: str, regulars: Callable[[Door], Regulars], run: str) -> dict[str, Any]:
    """Send regulars to the server at `address`; return the figures."""
    timeout = aiohttp.ClientTimeout(total=120)
    async with aiohttp.ClientSession(address, timeout=timeout) as session:
        crowd = regulars(Door(session, run))
        try:
            await crowd.come()
        except* (aiohttp.ClientConnectionError, asyncio.CancelledError):
            pass  # The server has gone, or the demo was stopped: what was seen until then still counts.
        return crowd.summary()
