"""A carousel after Bendada, Salha and Bontempelli (RecSys 2020), with synthetic users and playlists.

    python benchmarks/carousel.py --ours balanced --out benchmarks/results/carousel
    python benchmarks/carousel.py --ours balanced --segments 10 --seeds 3

862 playlists, users in 100 segments, 12 slots. A user looks from the left to the first click, and at all
slots without one. So it is in the published code, whose test of who clicked nothing is never true; by the
text of the paper such a user has seen the first three slots only. In each of 100 rounds 20,000 users come,
200 of each segment; a slate that is drawn serves `ALIKE` of them, for speed. With `--segments` only the
first so many are served: knowing one teaches nothing of another here, so that is a smaller sample of the
same. All contestants keep what they know by segment and learn after the round: of every position that was
looked at, whether it was clicked. In `carousel_delayed` that is known 5 rounds later; in `carousel_drift`
half of the segments take over one another's tastes at round 50.

As in the paper, a click's log-odds are the product of the user's embedding (96 numbers and a constant)
with the playlist's weights. Both are drawn here, the users about the middle of their segment and the
playlists towards the middles of two segments. How fast anybody finds the best twelve depends on how far
they stand out, which the paper does not say: `PULL` is such that pessimistic Thompson sampling has about the
regret published for it, 12.2 % of that of random slates, on a seed that is not compared. Measurements
are kept as they are made: a stopped benchmark goes on.
"""

import argparse
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.special import expit

from bakeoff_store import Run, Store
from carousel_contestants import SCORES, Seen, contestant
from equipoise.random import derive
from equipoise.simulation.intervals import interval
from equipoise.types import Bools, Floats, Ints

PLAYLISTS, SEGMENTS, SIZE = 862, 100, 96
SLOTS = 12
PULL = 1.75, 5.25
"""Between which log-odds a playlist is ahead of its bias for the middle of its first segment."""
ROUNDS, USERS, ALIKE = 100, 200, 10
"""`USERS` of each segment a round; each slate drawn is shown to `ALIKE` of them."""
DELAYS = {"carousel": 0, "carousel_delayed": 5, "carousel_drift": 0}
CHANGE = 50
RESULTS = Path(__file__).parent / "results" / "carousel"


@dataclass(frozen=True, slots=True)
class Public:
    """The users: `rates` (segments, users, playlists) at which each clicks, and the `best` value, (s, u)."""

    rates: Floats
    best: Floats

    def first(self, segments: int) -> "Public":
        """Return the first so many segments."""
        return Public(self.rates[:segments], self.best[:segments])

    @classmethod
    def of(cls, middles: Floats, people: Floats, weights: Floats, biases: Floats) -> "Public":
        """Return users at `middles` (s, q) + `people` (s, u, q)."""
        rates = expit((middles[:, None, :] + people) @ weights.T + biases)
        best = -np.sort(-rates, axis=2)[:, :, :SLOTS]
        return cls(rates.astype(np.float32), value(best))


def value(rates: Floats) -> Floats:
    """Return the chance of a click on slates whose slots are clicked at `rates` (..., slots) if looked at."""
    return np.asarray(1.0 - (1.0 - rates).prod(axis=-1))


@lru_cache(maxsize=1)
def publics(seed: int) -> tuple[Public, Public]:
    """Return the users before and after the drift."""
    rng = derive(seed, "carousel")
    middles = 1.25 * rng.standard_normal((SEGMENTS, SIZE))
    people = 0.9 * rng.standard_normal((SEGMENTS, USERS, SIZE))
    first, second = rng.integers(SEGMENTS, size=(2, PLAYLISTS))
    towards = middles[first] + 0.6 * middles[second] + rng.standard_normal((PLAYLISTS, SIZE))
    pull = rng.uniform(*PULL, PLAYLISTS)
    weights = pull[:, None] * towards / np.einsum("pq,pq->p", towards, middles[first])[:, None]
    biases = rng.normal(-5.5, 0.5, PLAYLISTS)
    moved = np.where(np.arange(SEGMENTS) % 2 == 0, np.roll(np.arange(SEGMENTS), 2), np.arange(SEGMENTS))
    return Public.of(middles, people, weights, biases), Public.of(middles[moved], people, weights, biases)


def played(world: str, name: str, seed: int, segments: int) -> Run:
    """Return how the contestant called `name` fares with the first so many `segments`."""
    begun, rng = time.perf_counter(), derive(seed, world, name)
    before, after = (public.first(segments) for public in publics(seed))
    player = contestant(name, segments, PLAYLISTS)
    news: deque[Seen] = deque()
    sums = []
    for round_ in range(ROUNDS):
        public = after if world == "carousel_drift" and round_ >= CHANGE else before
        users, luck = _visits(seed, round_, segments)
        shown = player.show(USERS // ALIKE, SLOTS, rng)
        rates = _rates(public, users, shown.playlists)
        clicked, looked = _reactions(rates, luck)
        best = public.best[np.arange(segments)[:, None, None], users]
        sums.append((float((best - value(rates)).mean()), float(clicked.any(axis=-1).mean())))
        news.append(Seen(shown=shown, looked=looked, clicked=clicked))
        if len(news) > DELAYS[world]:
            player = player.learnt(news.popleft())
    return _run((world, name, seed, segments), sums, time.perf_counter() - begun)


def _run(of: tuple[str, str, int, int], sums: Sequence[tuple[float, float]], seconds: float) -> Run:
    world, name, seed, segments = of
    regret, reward = np.array(sums).T
    return Run(
        world=world,
        contestant=name,
        setting=_setting(segments),
        rounds=ROUNDS,
        seed=seed,
        regret=float(regret.mean().round(8)),
        reward=float(reward.mean().round(8)),
        explored=0.0,
        seconds=round(seconds, 3),
        curve=(regret.cumsum() * segments * USERS).round(1).tolist(),
    )


def _setting(segments: int) -> str:
    """Return how a run of so many segments is kept apart from one of all."""
    return "" if segments == SEGMENTS else f"{segments} segments"


def _visits(seed: int, round_: int, segments: int) -> tuple[Ints, Floats]:
    """Return who comes, (s, slates, alike), and the luck of each slot."""
    rng = derive(seed, "visits", round_)
    users, luck = rng.integers(USERS, size=(SEGMENTS, USERS)), rng.random((SEGMENTS, USERS, SLOTS))
    shape = segments, -1, ALIKE
    return users[:segments].reshape(shape), luck[:segments].reshape(*shape, SLOTS)


def _rates(public: Public, users: Ints, slates: Ints) -> Floats:
    segments = np.arange(len(public.rates))[:, None, None, None]
    return public.rates[segments, users[..., None], slates[:, :, None, :]].astype(np.float64)


def _reactions(rates: Floats, luck: Floats) -> tuple[Bools, Bools]:
    """Return which slots were clicked and which were looked at, (s, slates, alike, slots)."""
    pleases = luck < rates
    earlier: Ints = np.cumsum(pleases, axis=-1) - pleases
    return pleases & (earlier == 0), earlier == 0


def section(store: Store) -> list[str]:
    """Return the results as lines of Markdown, those of so many segments apart from those of all."""
    settings = sorted({run.setting for run in store.runs.values()})
    lines: list[str] = []
    for setting in settings:
        lines += [f"Of {setting or f'all {SEGMENTS} segments'}:", "", *_table(store, setting), ""]
    return lines[:-1]


def _table(store: Store, setting: str) -> list[str]:
    """Return regret as a share of that of random slates, paired by seed."""
    worlds = {world: _shares(store, world, setting) for world in DELAYS}
    names = sorted(
        {name for shares in worlds.values() for name in shares},
        key=lambda name: min(float(np.mean(shares[name])) for shares in worlds.values() if name in shares),
    )
    lines = [
        f"| contestant | {' | '.join(f'`{world}`' for world in worlds)} |",
        "|---" * (len(worlds) + 1) + "|",
    ]
    for name in names:
        cells = [_cell(shares.get(name, [])) for shares in worlds.values()]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    return lines


def _shares(store: Store, world: str, setting: str) -> dict[str, list[float]]:
    """Return each contestant's regret over that of random slates, one a seed."""
    runs = [run for run in store.runs.values() if (run.world, run.setting) == (world, setting)]
    random = {run.seed: run.regret for run in runs if run.contestant == "random"}
    shares: dict[str, list[float]] = {}
    for run in runs:
        if run.seed in random:
            shares.setdefault(run.contestant, []).append(run.regret / random[run.seed])
    return shares


def _cell(shares: Sequence[float]) -> str:
    if not shares:
        return "not yet"
    one = interval(shares)
    return f"{one.mean:.3f}" + ("" if one.high is None else f" ± {one.high - one.mean:.3f}")


def main() -> None:
    options = _options()
    store = Store.opened(options.out)
    for name in options.again:
        store.forget(name)
    wanted = [
        (world, seed, name)
        for seed in range(options.seeds)
        for world in options.worlds
        for name in (*options.peers, *options.ours)
    ]
    for world, seed, name in wanted:
        store.get(
            (world, name, _setting(options.segments), ROUNDS, seed),
            lambda: _told(played(world, name, seed, options.segments)),  # noqa: B023
            file="carousel",
        )
    print("\n".join(section(store)))


def _told(run: Run) -> Run:
    print(
        f"{run.world:18s} {run.contestant:24s} seed {run.seed} regret {run.regret:.4f} "
        f"clicks a visit {run.reward:.4f} {run.seconds:.0f} s",
        flush=True,
    )
    return run


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--worlds", type=_names, default=tuple(DELAYS))
    parser.add_argument("--peers", type=_names, default=tuple(SCORES))
    parser.add_argument("--ours", type=_names, default=("balanced",))
    parser.add_argument("--segments", type=int, default=SEGMENTS, help="the first so many of them")
    parser.add_argument("--again", type=_names, default=(), help="contestants to measure anew")
    parser.add_argument("--seeds", type=int, default=5)
    return parser.parse_args()


def _names(text: str) -> list[str]:
    return text.split(",") if text else []


if __name__ == "__main__":
    main()
