"""The demo that looks ahead: its shop of regulars, its settings, and how their process works and learns."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from rich.table import Table

from equipoise.data.rewards import RewardWeights
from equipoise.demo.crowd import Plan
from equipoise.demo.regulars import AHEAD, Regulars, live
from equipoise.demo.visit import Door
from equipoise.demo.world import WORLD, World
from equipoise.events.online_retail import Orders
from equipoise.events.sqlite import SQLiteLog
from equipoise.random import derive
from equipoise.recommenders.long_term import LONG_TERM
from equipoise.serving.settings import Settings, Variant
from equipoise.simulation.population import Population
from equipoise.simulation.sessions.shop import SessionShop
from equipoise.store import ArtifactStore
from equipoise.training.long_term import from_log, learnt_from

REGULARS = "demo-regulars"
"""The name under which their shop is kept among the artifacts."""
WEIGHT = 0.5
SECONDS = 600.0
"""How long they come where nobody says."""
_SILENCE = 5.0
"""Seconds of silence after which a life is over: its days take less than that."""
_UPDATES = 1_500


def settle(store: ArtifactStore, orders: Orders, *, seed: int) -> None:
    """Fit the shop of the regulars and keep it among the artifacts, unless that was done before."""
    if store.current(REGULARS) is None:
        people = Population.of(orders.items, orders.events, orders.held_items, orders.held_events, seed=seed)
        shop = SessionShop.of(people.shoppers, people.orders, rng=derive(seed, "regulars"))
        store.publish(shop, REGULARS)


def ahead_settings(settings: Settings) -> Settings:
    """Return `settings` with a variant that looks ahead beside the same policy that does not."""
    variants = {
        "policy": Variant(policy="balanced", share=1.0),
        AHEAD: Variant(policy="balanced", long_term=WEIGHT),
        "random": Variant(policy="uniform"),
    }
    return msgspec.structs.replace(settings, variants=variants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """What the regulars' process does; it learns from `log`."""

    log: Path
    rewards: RewardWeights

    def __call__(self, address: str, store: ArtifactStore, plan: Plan, run: str) -> dict[str, Any]:
        """Let regulars come to the server at `address`, and return the figures."""
        shop, world = store.load(REGULARS, SessionShop), store.load(WORLD, World)

        def regulars(door: Door) -> Regulars:
            return Regulars(
                shop=shop,
                world=world,
                door=door,
                run=run,
                seed=plan.seed,
                seconds=SECONDS if plan.seconds is None else plan.seconds,
                learn=lambda: self._learn(store, plan.seed),
            )

        return {"long_term": {"weight": WEIGHT, **asyncio.run(live(address, regulars, run))}}

    def _learn(self, store: ArtifactStore, seed: int) -> int:
        with SQLiteLog(self.log) as log:
            found = learnt_from(
                log,
                from_log("slate_q", sizes=(32, 32)),
                rewards=self.rewards,
                updates=_UPDATES,
                patience_days=_SILENCE / 86_400,
                seed=seed,
            )
        store.publish(found, LONG_TERM, {"steps": found.steps, "learned_until": found.learned_until})
        return found.steps


def ahead_table(figures: dict[str, Any]) -> Table:
    """Return what regulars earned over all their days, before looking ahead and with it."""
    told = figures["long_term"]
    table = Table(title="What regulars earned over 30 days each, in reward; the same people in each column")
    for column in ("", "shoppers", "policy", "looking ahead", "that adds"):
        table.add_column(column, justify="right" if column else "left")
    for name, label in (("before", "nothing learnt yet"), ("after", f"learnt from {told['learned_from']:,}")):
        part = told[name]
        earned = part["return_per_shopper"]
        cells = [earned.get("policy"), earned.get(AHEAD), part["looking_ahead_adds"]]
        table.add_row(label, f"{part['shoppers']:,}", *map(_told, cells))
    table.caption = "intervals: 95 %, over shoppers"
    return table


def _told(interval: dict[str, float] | None) -> str:
    if interval is None:
        return "–"
    return f"{interval['mean']:.2f} [{interval['low']:.2f}, {interval['high']:.2f}]"
