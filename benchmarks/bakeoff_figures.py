"""What the kept runs come to: the best of each library by world, ratios, recovery after a jump."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bakeoff_runs import BATCH, FRESH_SEEDS
from bakeoff_store import Run, Store
from equipoise.random import derive
from equipoise.simulation.intervals import Interval, interval
from equipoise.simulation.registry import found
from equipoise.simulation.study import POINTS
from equipoise.simulation.worlds import AbruptDrift
from equipoise.types import Floats, Ints

LIBRARIES = ("vw", "mabwiser")
RECOVERED = 0.9
"""A contestant has recovered when it earns this share of what the best slates would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A contestant with a setting in one world: its runs on the fresh seeds, in order of seed."""

    contestant: str
    setting: str
    runs: tuple[Run, ...]

    @property
    def regret(self) -> Interval:
        """Regret a round."""
        return interval([run.regret for run in self.runs])

    @property
    def library(self) -> str:
        """`vw`, `mabwiser`, or the name of a policy of ours."""
        prefix = self.contestant.partition("_")[0]
        return prefix if prefix in LIBRARIES else self.contestant


def entries(store: Store, world: str, rounds: int) -> list[Entry]:
    """Return everything compared in `world`, the lowest regret first."""
    groups: dict[tuple[str, str], list[Run]] = {}
    for run in store.runs.values():
        if (run.world, run.rounds) == (world, rounds) and run.seed in FRESH_SEEDS:
            groups.setdefault((run.contestant, run.setting), []).append(run)
    made = [
        Entry(contestant=name, setting=setting, runs=tuple(sorted(runs, key=lambda run: run.seed)))
        for (name, setting), runs in groups.items()
    ]
    return sorted(made, key=lambda entry: entry.regret.mean)


def best_of(found_entries: Sequence[Entry], library: str) -> Entry | None:
    """Return the entry of `library` with the lowest regret: most seeds first, as fewer say less."""
    mine = [entry for entry in found_entries if entry.library == library]
    most = max((len(entry.runs) for entry in mine), default=0)
    return next((entry for entry in mine if len(entry.runs) == most), None)


def log_ratios(ours: Entry, peer: Entry) -> list[float]:
    """Return log(our regret / theirs) for each seed that both met; below 0 where ours is lower."""
    theirs = {run.seed: run.regret for run in peer.runs}
    return [float(np.log(run.regret / theirs[run.seed])) for run in ours.runs if run.seed in theirs]


def ratio(logs: Sequence[float]) -> Interval:
    """Return the geometric mean of the ratios and its interval (Student's t on the logarithms)."""
    return _exp(interval(logs))


def geometric_mean(worlds: Sequence[Sequence[float]]) -> Interval:
    """Return the geometric mean over worlds of their ratios; the interval is over seeds, the worlds given."""
    means = np.array([np.mean(logs) for logs in worlds])
    halves = [interval(logs) for logs in worlds]
    reach = np.sqrt(sum(((one.high or one.mean) - one.mean) ** 2 for one in halves)) / len(worlds)
    return _exp(Interval(float(means.mean()), float(means.mean() - reach), float(means.mean() + reach)))


def _exp(logs: Interval) -> Interval:
    low, high = (None if end is None else float(np.exp(end)) for end in (logs.low, logs.high))
    return Interval(float(np.exp(logs.mean)), low, high)


def ends(rounds: int) -> Ints:
    """Return the rounds at which a curve is kept, (p,)."""
    batches = -(-rounds // BATCH)
    last = np.unique(np.linspace(0, batches - 1, POINTS).round().astype(np.int64))
    return np.minimum((last + 1) * BATCH, rounds)


@dataclass(frozen=True, slots=True)
class Recovery:
    """After each change: `rounds` until recovered, or to the next change, and `share` that recovered."""

    rounds: Interval
    share: float


def recovery(entry: Entry, rounds: int) -> Recovery:
    """Return how soon `entry` earns well again after the jumps of the abrupt drift, over seeds."""
    each = [_after_changes(run, rounds) for run in entry.runs]
    return Recovery(
        rounds=interval([float(np.mean([waited for waited, _ in seed])) for seed in each]),
        share=float(np.mean([did for seed in each for _, did in seed])),
    )


def _after_changes(run: Run, rounds: int) -> list[tuple[float, bool]]:
    """Return for each change of the run's world how long recovery took, and whether there was one."""
    stops, curve = ends(rounds), np.array(run.curve)
    share = 1.0 - np.diff(curve) / _best_between(run.seed, tuple(stops.tolist()))
    changes = AbruptDrift().schedule(derive(run.seed, "abrupt_drift")).changes
    changes = changes[changes < rounds - 2 * rounds // POINTS]
    return [
        _recovered(share, stops, float(start), float(end))
        for start, end in zip(changes, [*changes[1:], rounds], strict=True)
    ]


def _recovered(share: Floats, stops: Ints, start: float, end: float) -> tuple[float, bool]:
    """Return how long after `start` a part of the curve that lies before `end` reaches the share."""
    well = (share >= RECOVERED) & (stops[:-1] >= start) & (stops[1:] <= end)
    return (float(stops[1:][well][0] - start), True) if well.any() else (end - start, False)


_known: dict[tuple[int, tuple[int, ...]], Floats] = {}


def _best_between(seed: int, stops: tuple[int, ...]) -> Floats:
    """Return what the best slates are expected to earn between `stops` of the abrupt drift, (p - 1,)."""
    if (seed, stops) not in _known:
        place = found("abrupt_drift")
        world = place.factory(seed)
        best = np.concatenate(
            [world.best(world.requests(BATCH), place.k) for _ in range(stops[-1] // BATCH)]
        ).cumsum()
        _known[seed, stops] = np.diff(best[np.array(stops) - 1])
    return _known[seed, stops]
