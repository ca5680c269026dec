"""The page of the comparison, made of the kept runs alone: docs/guide/bakeoff.md and its pictures."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

import carousel
import classification_table
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
from bakeoff_runs import FRESH_SEEDS, TOO_SLOW_ROUNDS, WORLDS
from bakeoff_store import Run, Store
from bakeoff_tuning import SHORT
from equipoise.simulation.intervals import Interval, half_widths
from equipoise.simulation.picture import Curve, drawn

GUIDE = Path(__file__).parent.parent / "docs" / "guide"
HEADLINES = ("balanced", "lin_boltzmann")
"""Our default: the first of these that has been run."""
INTRODUCTION = """# Beside other libraries

*Written by `python benchmarks/bakeoff.py --table` from the measurements under `benchmarks/results`.*

Our policies with one default for all worlds, beside Vowpal Wabbit 9.11 and MABWiser 2.7 tuned for each
world. Every contestant meets the same {rounds:,} requests under the same seed, decides 20 and then learns
from them; late rewards come when they come. Figures are expected regret a round over {seeds} seeds, lower
is better; an interval is 95 % (Student's t). The worlds are described in [worlds](worlds.md).

**How the peers were tuned.** A peer is one way of exploring, in five or six degrees (Thompson sampling of
clicks has none), on one of five learners in VW: rates that hardly decay (`--power_t 0`), or as usual, both
with and without item indicators, and slower ones. In each world all degrees were tried for {short:,} rounds
on seeds 100 and 101 (to 103 in `same_items`, where luck decides more); the three best families tried their
best degree on the other learners too; the two best settings of each were run to the end on the same seeds,
and the lowest mean regret won. The two best families of VW (the second if it was within a fifth of the
first) and the best of MABWiser then met the fresh seeds 0 to 9, and the table shows the better on those,
which favours the peer. MABWiser with three times VW's regret in the short runs was not tuned further, and
met three fresh seeds only.

**How they were asked.** VW sees each candidate's features and an indicator of its item. In slates it is
asked slot by slot for what is left, and the slot is a shared feature. RegCB was told the range of rewards.
A late reward is learnt as one more example. MABWiser has an arm for each item; its linear policies see the
visitor, and of the item nothing.{slow}

[What regret is made of](../decisions/014-what-regret-is-made-of.md) says how low it can be in some of these
worlds, and what brought it down.
"""


OTHERS: tuple[tuple[str, str, Path, Callable[[Store], list[str]]], ...] = (
    (
        "A carousel of playlists",
        """After Bendada et al. (2020), with synthetic users and playlists: 862 playlists, 100 segments,
12 slots, 20,000 users a round, learning once a round for 100 rounds (`benchmarks/carousel.py` says what was
drawn and how). Regret as a share of that of random slates, with 95 % intervals where there are several seeds.
Why the world is drawn so, and what holds `balanced` back where it has more regret than Thompson sampling by
segment, is [told here](../decisions/015-a-few-items-that-lie-far.md).""",
        carousel.RESULTS,
        carousel.section,
    ),
    (
        "Classification as a bandit",
        """After Bietti et al. (2021): thirty sets that scikit-learn holds or generates, progressive
validation in batches of 10 (`benchmarks/classification.py`). VW's greedy and RegCB are tuned for each set.
Won and lost count the sets on which the row's loss is surely lower or higher than the column's: a paired
t-test over ten seeds, at 5 %.""",
        classification_table.RESULTS,
        classification_table.section,
    ),
)


def write_page(store: Store, rounds: int, guide: Path = GUIDE) -> None:
    """Write the page and one picture a world."""
    compared = {world: entries(store, world, rounds) for world in WORLDS}
    (guide / "bakeoff").mkdir(exist_ok=True)
    for world, found in compared.items():
        if len(shown(found)) > 1:
            (guide / "bakeoff" / f"{world}.svg").write_text(picture(world, shown(found), rounds))
    slow = [run for run in store.runs.values() if run.rounds == TOO_SLOW_ROUNDS]
    (guide / "bakeoff.md").write_text(page(compared, rounds, slow) + "".join(_others()))


def page(compared: dict[str, list[Entry]], rounds: int, slow: Sequence[Run] = ()) -> str:
    """Return the page as Markdown; `compared` are the entries of each world, `slow` what took too long."""
    ran = {world: found for world, found in compared.items() if found}
    ours = _headline(ran)
    parts = [
        INTRODUCTION.format(
            rounds=rounds, short=int(SHORT * rounds), seeds=len(FRESH_SEEDS), slow=_not_run(slow)
        ),
        "\n".join(_table(ran, ours)),
        "\n".join(_means(ran, ours)),
        "\n".join(_winners(ran)),
        "\n".join(_recoveries(ran.get("abrupt_drift", []), rounds)),
        "\n".join(_pictures(ran)),
    ]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def _not_run(slow: Sequence[Run]) -> str:
    """Return a sentence on what was not run."""
    if not slow:
        return ""
    names = ", ".join(f"`{name}`" for name in sorted({run.contestant for run in slow}))
    rate = float(np.median([run.rounds / run.seconds for run in slow]))
    worlds = len({run.world for run in slow})
    why = f"too slow with so many arms, about {rate:,.0f} decisions a second"
    return f" Not run in {worlds} worlds ({why}): {names}."


def _others() -> Iterator[str]:
    """Yield the sections of the carousel and of the classification sets, as far as they were run."""
    for title, about, folder, section in OTHERS:
        if folder.exists():
            yield "\n".join([f"\n## {title}\n", about, "", *section(Store.opened(folder)), ""])


def shown(found: Sequence[Entry]) -> list[Entry]:
    """Return our entries and the best one of each library."""
    best = [best_of(found, library) for library in LIBRARIES]
    return [entry for entry in found if entry.library not in LIBRARIES or entry in best]


def picture(world: str, found: Sequence[Entry], rounds: int) -> str:
    """Return cumulative regret over rounds as SVG, without that of `uniform`, which would dwarf the rest."""
    curves = [_curve(entry, rounds) for entry in found if entry.contestant != "uniform"]
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
