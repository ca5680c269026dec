"""`equipoise demo`: the whole loop on a real shop's orders."""

import logging
import os
import uuid
import webbrowser
from typing import Annotated, Any

import msgspec
import typer

from equipoise.cli.console import ConfigOption, JsonOption, console, progress_shown, settings_from, write_json
from equipoise.cli.quality import show
from equipoise.demo.ahead import Lives, ahead_settings, ahead_table
from equipoise.demo.crowd import Plan
from equipoise.demo.process import CrowdProcess
from equipoise.demo.shop import DemoShop, demo_settings
from equipoise.demo.tables import reward_table
from equipoise.errors import BadInputError
from equipoise.events.quality import QualityReport
from equipoise.serving.logs import log_to_stderr
from equipoise.serving.server import Running, serve
from equipoise.serving.settings import Settings
from equipoise.training.tables import model_table, split_table

PACE = 2.0
"""Visits a second while someone watches."""
CHANGE_AFTER = 120.0
"""Seconds until new products arrive and a taste shifts, while someone watches."""
CHANGE_AT = 0.35
"""The share of a headless run after which they do."""


def command(
    headless: Annotated[bool, typer.Option("--headless", help="No browser; end after --seconds.")] = False,
    shoppers: Annotated[
        bool, typer.Option("--shoppers/--no-shoppers", help="Whether simulated shoppers visit.")
    ] = True,
    seconds: Annotated[
        float | None, typer.Option(min=1.0, help="How long the shoppers come; until Ctrl-C if not given.")
    ] = None,
    long_term: Annotated[
        bool, typer.Option("--long-term", help="Regulars come, and half-way one variant looks ahead.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of training, tastes and visits.")] = 7,
    port: Annotated[int | None, typer.Option(help="Port, instead of server.port; 0 picks one.")] = None,
    config: ConfigOption = None,
    json: JsonOption = None,
) -> None:
    """Ingest a real year of orders, train, serve a shop, and let shoppers visit while it learns.

    Example: `equipoise demo --headless --seconds 60 --seed 7 --json out.json`

    Everything is kept in the storage folder: started again, it goes on from its log.
    """
    if headless and seconds is None:
        raise BadInputError("--seconds", "say how long a headless run lasts, as --seconds 60")
    settings = demo_settings(_on_port(settings_from(config), port))
    settings = ahead_settings(settings) if long_term else settings
    log_to_stderr(logging.WARNING)
    shop = DemoShop(settings, seed)
    report, models = _made_ready(shop)
    plan = _plan(seed, seconds, headless=headless)
    crowd = _crowd(settings, shop, plan, long_term=long_term) if shoppers else None
    figures = _open(settings, crowd, plan, headless=headless)
    if figures is not None:
        console.print(ahead_table(figures) if long_term else reward_table(figures))
    if json is not None:
        write_json(json, _result(report, models, figures))


def _made_ready(shop: DemoShop) -> tuple[QualityReport, dict[str, Any]]:
    with progress_shown():
        report = shop.stocked()
    console.print(show(report))
    with progress_shown():
        models = shop.trained()
        shop.peopled()
    console.print(split_table(models["split"]))
    console.print(model_table(models["models"]))
    return report, models


def _crowd(settings: Settings, shop: DemoShop, plan: Plan, *, long_term: bool) -> CrowdProcess:
    run = uuid.uuid4().hex[:8]
    if not long_term:
        return CrowdProcess(shop.store, plan, run=run)
    shop.settled()
    lives = Lives(log=settings.storage.log, rewards=settings.learning.rewards)
    return CrowdProcess(shop.store, plan, run=run, comes=lives)


def _plan(seed: int, seconds: float | None, *, headless: bool) -> Plan:
    change_after = CHANGE_AFTER if seconds is None else CHANGE_AT * seconds
    return Plan(seed=seed, pace=None if headless else PACE, seconds=seconds, change_after=change_after)


def _open(
    settings: Settings, crowd: CrowdProcess | None, plan: Plan, *, headless: bool
) -> dict[str, Any] | None:
    """Serve until the end; return what the shoppers' visits came to."""

    def ready(server: Running) -> None:
        if crowd is not None:
            crowd.start(server.address, left=server.stop if plan.seconds is not None else _stay)
        if not headless:
            _invite(server.address)

    serve(settings, ready=ready)
    return None if crowd is None else crowd.figures()


def _stay() -> None:
    """Keep the shop open after the shoppers have left."""


def _invite(address: str) -> None:
    console.print(f"\n  shop       [bold]{address}/[/]")
    console.print(f"  dashboard  [bold]{address}/dashboard[/]")
    console.print(f"  try it     [bold]{address}/docs[/]\n\n  Ctrl-C ends; started again, it goes on.\n")
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(f"{address}/")


def _on_port(settings: Settings, port: int | None) -> Settings:
    if port is None:
        return settings
    if not 0 <= port <= 65535:
        raise BadInputError("--port", f"must lie between 0 and 65535, not {port}")
    return msgspec.structs.replace(settings, server=msgspec.structs.replace(settings.server, port=port))


def _result(report: QualityReport, models: dict[str, Any], figures: dict[str, Any] | None) -> dict[str, Any]:
    """Return what `--json` writes."""
    return {
        "quality": msgspec.to_builtins(report),
        "split": models["split"],
        "models": models["models"],
        **(figures or {}),
    }
