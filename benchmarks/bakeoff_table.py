"""The page of the comparison, made of the kept runs alone: docs/guide/bakeoff.md and its pictures."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bakeoff_figures import (
    LIBRARIES,
    Entry,
    best_of,
    ends,
    entries,
    geometric_mean,
    log_ratios,
    ratio,
    recovery,
)
from bakeoff_runs import FRESH_SEEDS, WORLDS
from bakeoff_store import Store
from equipoise.simulation.intervals import Interval, half_widths
from equipoise.simulation.picture import Curve, drawn

GUIDE = Path(__file__).parent.parent / "docs" / "guide"
HEADLINES = ("balanced", "lin_boltzmann")
"""Our default: the first of these that has been run."""
INTRODUCTION = """# Beside other libraries

*Written by `python benchmarks/bakeoff.py --table` from the measurements in `benchmarks/results/bakeoff`.*

Our policies with one default for all worlds, beside Vowpal Wabbit 9.11 and MABWiser 2.7 tuned for each
world. Every contestant meets the same {rounds:,} requests under the same seed, decides 20 and then learns
from them; late rewards come when they come. Figures are expected regret a round over {seeds} seeds, lower
is better; an interval is 95 % (Student's t). The worlds are described in [worlds](worlds.md).

**How the peers were tuned.** A peer is one way of exploring with its degrees (at least five) on the best
of five learners for VW: adaptive rates that decay as usual (`--power_t 0.5`) or hardly (`--power_t 0`),
the latter also slower (`-l 0.1`), and both without item indicators. In each world all degrees met seed
100; the three best families tried their best degree on the other learners; the three best settings of
each met seed 101; the lowest mean of both won. The two best families of VW and the best of MABWiser then
met the fresh seeds 0 to 9, and the table shows the better on those, which favours the peer. A peer with
three times the regret of the best in tuning met three of them only. RegCB was told the range of rewards.
In slates VW is asked slot by slot for what is left, and the slot is a shared feature. MABWiser has one
arm an item: its linear policies see the visitor and not the item, and with 1,000 arms decide about 100
requests a second, so that they were run only where there are 60.
"""


def write_page(store: Store, rounds: int, guide: Path = GUIDE) -> None:
    """Write the page and one picture a world."""
    compared = {world: entries(store, world, rounds) for world in WORLDS}
    (guide / "bakeoff").mkdir(exist_ok=True)
    for world, found in compared.items():
        if len(shown(found)) > 1:
            (guide / "bakeoff" / f"{world}.svg").write_text(picture(world, shown(found), rounds))
    (guide / "bakeoff.md").write_text(page(compared, rounds))


def page(compared: dict[str, list[Entry]], rounds: int) -> str:
    """Return the page as Markdown; `compared` are the entries of each world."""
    ran = {world: found for world, found in compared.items() if found}
    ours = _headline(ran)
    parts = [
        INTRODUCTION.format(rounds=rounds, seeds=len(FRESH_SEEDS)),
        "\n".join(_table(ran, ours)),
        "\n".join(_means(ran, ours)),
        "\n".join(_winners(ran)),
        "\n".join(_recoveries(ran.get("abrupt_drift", []), rounds)),
        "\n".join(_pictures(ran)),
    ]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def shown(found: Sequence[Entry]) -> list[Entry]:
    """Return our entries and the best one of each library."""
    best = [best_of(found, library) for library in LIBRARIES]
    return [entry for entry in found if entry.library not in LIBRARIES or entry in best]


def picture(world: str, found: Sequence[Entry], rounds: int) -> str:
    """Return cumulative regret over rounds as SVG."""
    curves = [_curve(entry, rounds) for entry in found]
    return drawn(curves, title=f"cumulative regret in {world}", x="rounds", y="cumulative regret")


def _curve(entry: Entry, rounds: int) -> Curve:
    values = np.array([run.curve for run in entry.runs])
    half = half_widths(values) if len(values) > 1 else np.zeros(values.shape[1])
    return Curve(name=entry.contestant, x=ends(rounds).astype(float), y=values.mean(axis=0), half=half)


def _headline(ran: dict[str, list[Entry]]) -> str:
    names = {entry.contestant for found in ran.values() for entry in found}
    return next((name for name in HEADLINES if name in names), HEADLINES[-1])


def _policies(ran: dict[str, list[Entry]], ours: str) -> list[str]:
    names = {entry.contestant for found in ran.values() for entry in found if entry.library not in LIBRARIES}
    return [ours, *sorted(names - {ours})]


def _table(ran: dict[str, list[Entry]], ours: str) -> Iterator[str]:
    policies = _policies(ran, ours)
    yield "## Regret a round"
    yield ""
    yield f"| world | {' | '.join(f'`{name}`' for name in policies)} | best VW | best MABWiser | ratio | |"
    yield "|---" * (len(policies) + 5) + "|"
    for world, found in ran.items():
        cells = [_regret(best_of(found, name)) for name in policies]
        cells += [_named(best_of(found, library)) for library in LIBRARIES]
        yield f"| `{world}` | {' | '.join(cells)} | {' | '.join(_verdict(found, ours))} |"


def _means(ran: dict[str, list[Entry]], ours: str) -> Iterator[str]:
    yield f"The ratio is the regret of `{ours}` over that of the best peer, seed by seed, with its interval."
    for library, title in (("vw", "VW"), ("mabwiser", "MABWiser"), ("", "the best peer")):
        logs = [one for found in ran.values() if (one := _logs(found, ours, library))]
        if logs:
            whole = _interval(geometric_mean(logs), 2)
            yield f"Geometric mean of the ratios to {title} over {len(logs)} worlds: **{whole}**."


def _logs(found: Sequence[Entry], ours: str, library: str) -> list[float]:
    mine, peer = best_of(found, ours), best_of(found, library) if library else _best_peer(found)
    logs = [] if mine is None or peer is None else log_ratios(mine, peer)
    return logs if len(logs) > 1 else []


def _best_peer(found: Sequence[Entry]) -> Entry | None:
    peers = [entry for library in LIBRARIES if (entry := best_of(found, library)) is not None]
    return min(peers, key=lambda entry: entry.regret.mean, default=None)


def _verdict(found: Sequence[Entry], ours: str) -> tuple[str, str]:
    logs = _logs(found, ours, "")
    if not logs:
        return "not yet", ""
    one = ratio(logs)
    assert one.low is not None
    assert one.high is not None
    word = "ours lower" if one.high < 1 else "**peer lower**" if one.low > 1 else "tie"
    return _interval(one, 2), word


def _winners(ran: dict[str, list[Entry]]) -> Iterator[str]:
    yield "## The peers' best settings"
    yield ""
    yield "| world | VW | MABWiser |"
    yield "|---|---|---|"
    for world, found in ran.items():
        cells = [_setting(best_of(found, library)) for library in LIBRARIES]
        yield f"| `{world}` | {' | '.join(cells)} |"


def _recoveries(found: Sequence[Entry], rounds: int) -> Iterator[str]:
    some = [entry for entry in shown(found) if all(run.curve for run in entry.runs)]
    if not some:
        return
    yield "## After a jump of taste"
    yield ""
    yield "In `abrupt_drift`: rounds after a change until a contestant earns 90 % of what the best slates"
    yield "would, over 200 rounds; where it never does before the next change, the rounds to that."
    yield ""
    yield "| contestant | rounds | recovered |"
    yield "|---|---|---|"
    for entry in some:
        after = recovery(entry, rounds)
        yield f"| `{entry.contestant}` | {_interval(after.rounds, 0)} | {after.share:.0%} of the changes |"


def _pictures(ran: dict[str, list[Entry]]) -> Iterator[str]:
    yield "## Cumulative regret"
    for world, found in ran.items():
        if len(shown(found)) > 1:
            yield ""
            yield f"![Cumulative regret in {world}](bakeoff/{world}.svg)"


def _regret(entry: Entry | None) -> str:
    if entry is None:
        return "not yet"
    few = "" if len(entry.runs) == len(FRESH_SEEDS) else f" ({len(entry.runs)} seeds)"
    one = entry.regret
    return f"{one.mean:.4f}" + ("" if one.high is None else f" ± {one.high - one.mean:.4f}") + few


def _named(entry: Entry | None) -> str:
    return "not yet" if entry is None else f"{_regret(entry)} `{entry.contestant.partition('_')[2]}`"


def _setting(entry: Entry | None) -> str:
    return "not yet" if entry is None else f"`{entry.setting or entry.contestant}`"


def _interval(one: Interval, digits: int) -> str:
    whole = f"{one.mean:,.{digits}f}"
    return whole if one.low is None else f"{whole} [{one.low:,.{digits}f}, {one.high:,.{digits}f}]"
