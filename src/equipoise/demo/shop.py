"""The demo's shop on disk: stocked, trained, and with shoppers; each step is taken once and then found."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from equipoise.data.prepare import prepare
from equipoise.demo.ahead import settle
from equipoise.demo.crowd import VARIANTS
from equipoise.demo.world import WORLD, World
from equipoise.events.ingest import append_orders
from equipoise.events.online_retail import Orders, read_online_retail
from equipoise.events.quality import QualityReport, load_reports
from equipoise.events.sqlite import SQLiteLog
from equipoise.models.registry import named
from equipoise.serving.settings import Settings, Variant
from equipoise.store import ArtifactStore
from equipoise.training.fit import fit_all, judge
from equipoise.training.publish import NAME, assembled, publish

MODELS = ("popularity", "item_knn", "ease", "sasrec")
ARRIVALS_AFTER = datetime(2011, 10, 1, tzinfo=UTC)
"""Products first sold after this are held back: they are the new arrivals."""
POLICIES = ("balanced", "greedy", "uniform")


@dataclass(slots=True)
class DemoShop:
    """A shop in the storage folder of `settings`; `seed` fixes training and tastes."""

    settings: Settings
    seed: int
    _orders: Orders | None = field(default=None, init=False)

    @property
    def folder(self) -> Path:
        """Where everything of this shop is kept."""
        return Path(self.settings.storage.folder)

    @property
    def store(self) -> ArtifactStore:
        """The published artifacts of this shop."""
        return ArtifactStore(folder=self.settings.storage.artifacts)

    def stocked(self) -> QualityReport:
        """Ingest the year of orders, unless that was done before, and return the report on its rows."""
        reports = load_reports(self.folder / "quality")
        if reports:
            return reports[0]
        with SQLiteLog(self.settings.storage.log) as log:
            report = append_orders(log, self._read())
        report.save(self.folder / "quality")
        return report

    def trained(self) -> dict[str, Any]:
        """Train and publish, unless that was done before, and return the split and a row a model."""
        if self.store.current(NAME) is None:
            self._train()
        return self.store.about(NAME)

    def peopled(self) -> None:
        """Fit the shoppers and keep them among the artifacts, unless that was done before."""
        if self.store.current(WORLD) is None:
            self.store.publish(World.of(self._read(), seed=self.seed), WORLD)

    def settled(self) -> None:
        """Let regulars live there: fit their shop and keep it among the artifacts, once."""
        settle(self.store, self._read(), seed=self.seed)

    def _read(self) -> Orders:
        if self._orders is None:
            refused_into = self.folder / "quality"
            self._orders = read_online_retail(refused_into, hold_back_after=ARRIVALS_AFTER)
        return self._orders

    def _train(self) -> None:
        learners = {name: named(name) for name in MODELS}
        with SQLiteLog(self.settings.storage.log) as log:
            prepared = prepare(log)
        judged = judge(prepared.interactions, learners, seed=self.seed)
        scorers = fit_all(prepared.interactions, learners, seed=self.seed)
        publish(assembled(prepared, judged, scorers), judged, self.store)


def demo_settings(settings: Settings) -> Settings:
    """Return `settings` with the three variants of the demo, and impressions as the shoppers report them."""
    shares = (1.0, 0.0, 0.0)
    variants = {
        name: Variant(policy=policy, share=share)
        for name, policy, share in zip(VARIANTS, POLICIES, shares, strict=True)
    }
    learning = msgspec.structs.replace(settings.learning, impressions="reported")
    return msgspec.structs.replace(settings, variants=variants, learning=learning)
