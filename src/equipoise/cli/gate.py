"""`equipoise gate`: a policy goes live only if the log says it may."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from equipoise.cli.beside import Beside, chosen_variant
from equipoise.cli.console import ConfigOption, JsonOption, console, progress_shown, settings_from, write_json
from equipoise.cli.ope import EssOption, UnloggedOption
from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.registry import INTERVALS, SLATES, picked
from equipoise.evaluation.offpolicy.sources.decisions import DecisionLog
from equipoise.evaluation.offpolicy.sources.rounds import LOGGED
from equipoise.evaluation.offpolicy.sources.streamed import AsLogged, Scored, SlateTargetPolicy
from equipoise.evaluation.offpolicy.verdict import Limits
from equipoise.policies.policy import LearningPolicy
from equipoise.serving.ids import new_id
from equipoise.serving.opening import PUBLISHED, trusted
from equipoise.serving.settings import Settings
from equipoise.store import ArtifactStore
from equipoise.training.candidate import Candidate, later
from equipoise.training.gate import Gate
from equipoise.training.passage import Passage
from equipoise.training.records import Records

_KEPT = 50
"""So many policies that passed are kept, to go back to."""


def command(
    policy: Annotated[
        str | None,
        typer.Argument(metavar="CANDIDATE", help="A policy by name, module:Class, or a folder of `learn`."),
    ] = None,
    tolerance: Annotated[
        float, typer.Option(min=0.0, help="Reward a slate that it may lose, if the interval ends there.")
    ] = 0.0,
    variant: Annotated[
        str | None, typer.Option(help="Whose policy it is to replace; default: the one with most shoppers.")
    ] = None,
    present: Annotated[
        str | None,
        typer.Option(help="To compare with: `logged`, or a policy; default: what serves the variant now."),
    ] = None,
    estimator: Annotated[str, typer.Option(help=f"One of {', '.join(SLATES)}.")] = "auto",
    interval: Annotated[str, typer.Option(help=f"One of {', '.join(INTERVALS)}.")] = "bootstrap",
    confidence: Annotated[float, typer.Option(min=0.5, max=0.9999)] = 0.95,
    least_ess: EssOption = 1_000.0,
    most_unlogged: UnloggedOption = 0.01,
    history: Annotated[bool, typer.Option("--history", help="List what was decided so far.")] = False,
    config: ConfigOption = None,
    json: JsonOption = None,
) -> None:
    """Publish CANDIDATE if the shop's own log is sure that it earns more than the present policy.

    Sure enough: the lower end of the interval of its gain is above minus the tolerance. A running server
    swaps to it without missing a request. Exit code 1 says that the present policy was kept. Both are
    recorded with the evidence.

    Example: equipoise gate learned --tolerance 0.01
    """
    sys.path.insert(0, str(Path.cwd()))
    settings = settings_from(config)
    records = Records(settings.storage.gate)
    if history:
        _list(records.read(), json)
        return
    if policy is None:
        raise BadInputError("CANDIDATE", "is missing; name a policy, or ask for --history")
    shop = Shop.of(settings, variant)
    gate = Gate(
        tolerance=tolerance,
        estimator=replace(
            picked(estimator, SLATES, "--estimator")[estimator],
            interval=picked(interval, INTERVALS, "--interval")[interval](),
            confidence=confidence,
        ),
        limits=Limits(ess=least_ess, unlogged=most_unlogged),
    )
    with progress_shown():
        record = decided(shop, gate, policy, present)
    records.append(record)
    _tell(record, json)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A variant of a shop as the gate sees it: its settings, its log and what lies beside, what it serves."""

    settings: Settings
    variant: str
    beside: Beside
    store: ArtifactStore

    @classmethod
    def of(cls, settings: Settings, variant: str | None) -> "Shop":
        """Return the shop of `settings`; refuse one without a log or a trained recommender."""
        if not settings.storage.log.exists():
            raise BadInputError("storage.folder", f"holds no {settings.storage.log}")
        store = shop_store(settings)
        if store.current(PUBLISHED) is None:
            raise BadInputError("storage.folder", "holds no recommender; run `equipoise train` first")
        return cls(
            settings=settings,
            variant=chosen_variant(settings, variant),
            beside=Beside.of(settings.storage.log, settings),
            store=store,
        )

    def candidate(self, name: str) -> Candidate:
        """Return the policy called `name`, for the items and features of the shop."""
        one = self.beside.policy(name)
        told = one.features_version
        if told is not None and told != self.beside.features_version:
            raise BadInputError(
                "candidate",
                f"{name} reads features as they were before the last `equipoise train`; learn it again",
            )
        return one


def shop_store(settings: Settings) -> ArtifactStore:
    """Return the store of the shop's artifacts, from which a server could read what is published."""
    return ArtifactStore(folder=settings.storage.artifacts, keep=_KEPT, trust=trusted(settings))


def decided(shop: Shop, gate: Gate, name: str, present: str | None) -> dict[str, Any]:
    """Judge the policy called `name`, publish it if it passes, and return the record of that."""
    one, other = shop.candidate(name), _present(shop, present)
    log = DecisionLog(
        path=shop.settings.storage.log,
        rewards=shop.settings.learning.rewards,
        variant=shop.variant,
        policy=other.only,
        after=later(one.learned_until, other.learned_until),
        features_version=shop.beside.features_version,
    )
    ruling = gate.rule(log, Scored.of(one.policy), other.target)
    record = opened_record(shop.variant, "published" if ruling.passes else "kept")
    record |= {"candidate": one.name, "present": other.name, "tolerance": gate.tolerance}
    record |= ruling.row() | {"gate": _terms(gate), "log": _read(log), "version": None}
    if ruling.passes:
        record["version"] = Passage(shop.store).publish(shop.variant, one, record)
    return record


@dataclass(frozen=True, slots=True, kw_only=True)
class _Present:
    """What a candidate is compared with; only decisions of the policy `only` count, unless it is None."""

    name: str
    target: SlateTargetPolicy
    only: str | None = None
    learned_until: int | None = None


def _present(shop: Shop, told: str | None) -> _Present:
    """Return what was `told`, or what serves the variant: what it logged, if it is one that learns.

    A policy that learns is no longer the one that it began as.
    """
    if told == LOGGED:
        return _Present(name=LOGGED, target=AsLogged())
    passed = Passage(shop.store).present(shop.variant)
    if told is None and passed is not None:
        name, policy, until = passed.name, passed.policy, passed.learned_until
    else:
        one = shop.candidate(told or shop.settings.variants[shop.variant].policy)
        name, policy, until = one.name, one.policy, one.learned_until
    if passed is None and isinstance(policy, LearningPolicy):
        return _Present(name=name, target=AsLogged(), only=name)
    return _Present(name=name, target=Scored.of(policy), learned_until=until)


def opened_record(variant: str, decision: str) -> dict[str, Any]:
    """Return the beginning of a record."""
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    return {"record": new_id(), "time": moment, "decision": decision, "variant": variant}


def _terms(gate: Gate) -> dict[str, Any]:
    how = gate.estimator
    told = {"estimator": repr(how), "confidence": how.confidence}
    return told | {"limits": asdict(gate.limits)}


def _read(log: DecisionLog) -> dict[str, Any]:
    return {
        "path": str(log.path),
        "after": log.after,
        "first": log.first,
        "last": log.last,
        "decisions": dict(log.policies),
        "refused": dict(log.refused),
    }


def _tell(record: Mapping[str, Any], json: Path | None) -> None:
    if json is not None:
        write_json(json, record)
    candidate, present, variant = (record[name] for name in ("candidate", "present", "variant"))
    said = (
        f"published: {candidate} serves {variant} instead of {present}"
        if record["passes"]
        else f"kept: {present} serves {variant}, not {candidate}"
    )
    console.print(f"{said}: {record['why']}", soft_wrap=True, highlight=False)
    if not record["passes"]:
        raise typer.Exit(1)


def _list(records: Sequence[Mapping[str, Any]], json: Path | None) -> None:
    table = Table("time", "variant", "decision", "candidate", "present", "gain a slate")
    for record in records:
        gain = record.get("gain")
        found = "" if gain is None else f"{gain['value']:+.4g} ({gain['low']:+.4g} to {gain['high']:+.4g})"
        names = ("time", "variant", "decision", "candidate", "present")
        table.add_row(*(str(record[name]) for name in names), found)
    console.print(table)
    if json is not None:
        write_json(json, {"records": list(records)})
