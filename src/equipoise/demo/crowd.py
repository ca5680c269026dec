"""The simulated shoppers: they visit every variant with the same tastes and the same luck."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from equipoise.demo.tally import Mean, Variant, summary
from equipoise.demo.visit import Door, Visitor
from equipoise.demo.world import World
from equipoise.simulation import Shoppers

VARIANTS = ("policy", "greedy", "random")
_AT_ONCE = 8
_PUT_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the crowd behaves: `pace` visits a second (None: as many as the server takes), for `seconds`
    (None: until stopped); after `change_after` seconds new products arrive and a taste shifts.
    """

    seed: int
    pace: float | None
    seconds: float | None
    change_after: float


@dataclass(slots=True, kw_only=True)
class Crowd:
    """Everyone who visits during one run, and what came of it."""

    world: World
    plan: Plan
    door: Door
    started: float = field(default_factory=time.monotonic)
    shoppers: Shoppers = field(init=False)
    changed: bool = False
    number: int = 0
    variants: dict[str, Variant] = field(default_factory=lambda: {name: Variant() for name in VARIANTS})
    beyond_greedy: Mean = field(default_factory=Mean)

    def __post_init__(self) -> None:
        self.shoppers = self.world.before

    async def come(self) -> None:
        """Visit until the plan's time is over or the server is gone."""
        if await self.door.knows(self.world.products[0]["item_id"]):
            self._change()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(_AT_ONCE):
                tasks.create_task(self._visits())
            tasks.create_task(self._changes())

    def summary(self) -> dict[str, Any]:
        """Return the figures so far as JSON values."""
        return summary(self.variants, self.beyond_greedy)

    @property
    def elapsed(self) -> float:
        """Seconds since the first visitor."""
        return time.monotonic() - self.started

    @property
    def over(self) -> bool:
        """Whether the plan's time is over."""
        return self.plan.seconds is not None and self.elapsed >= self.plan.seconds

    async def _visits(self) -> None:
        while not self.over:
            self.number += 1
            number = self.number
            if self.plan.pace is not None:
                await asyncio.sleep(max(0.0, number / self.plan.pace - self.elapsed))
            await self._visit(Visitor.of(self.world, number, self.plan.seed))

    async def _visit(self, visitor: Visitor) -> None:
        """Let one visitor meet every variant, in a turn that changes from visit to visit."""
        shoppers, changed = self.shoppers, self.changed
        earned = dict.fromkeys(VARIANTS, 0.0)
        turn = visitor.number % len(VARIANTS)
        for variant in VARIANTS[turn:] + VARIANTS[:turn]:
            for slate in range(visitor.slates):
                seen = await self.door.look(self.world, shoppers, visitor, slate, variant)
                earned[variant] += seen.reward
                self.variants[variant].add(
                    seen.reward, seen.revenue, seen.shown, seen.explored, changed=changed
                )
        if changed:
            self.beyond_greedy.add(earned["policy"] - earned["greedy"])

    async def _changes(self) -> None:
        """Wait for the moment, then let the new products arrive and the taste shift."""
        while not self.changed and not self.over:
            await asyncio.sleep(0.1)
            if self.elapsed >= self.plan.change_after:
                await self._arrive()
                self._change()

    async def _arrive(self) -> None:
        products = self.world.products
        for first in range(0, len(products), _PUT_AT_ONCE):
            await self.door.put("/v1/items", list(products[first : first + _PUT_AT_ONCE]))
        label = f"{len(products)} new products arrive, and a segment's taste shifts"
        await self.door.post("/dashboard/marks", {"label": label})

    def _change(self) -> None:
        self.shoppers, self.changed = self.world.after, True


async def visit(address: str, world: World, plan: Plan, run: str) -> dict[str, Any]:
    """Send the crowd to the server at `address`; return the figures. `run` makes session ids its own."""
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(address, timeout=timeout) as session:
        crowd = Crowd(world=world, plan=plan, door=Door(session, run))
        try:
            await crowd.come()
        except* (aiohttp.ClientConnectionError, asyncio.CancelledError):
            pass  # The server has gone, or the demo was stopped: what was seen until then still counts.
        return crowd.summary()
