"""Every model on public data, beside published figures: tuned on validation data, tested once, three seeds.

A model that draws nothing while it is fitted is the same under every seed, and is fitted once.

    PYTHONPATH=src python benchmarks/collaborative.py             # whatever has not been measured yet
    PYTHONPATH=src python benchmarks/collaborative.py --sets beauty --models ease
    PYTHONPATH=src python benchmarks/collaborative.py --table     # the pages, from what is kept

Data sets are read from EQUIPOISE_DATA (default ../shared/data). Results are kept one by one, so that a
stopped run goes on; a contestant whose settings have changed is another one, and the old lines are
passed over. Settings and where they are from stand in collaborative_settings.py; `equipoise tune` finds
them, on validation data only.
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from collaborative_protocols import PROTOCOLS, Protocol
from collaborative_settings import SETTINGS, Contestant
from collaborative_store import RESULTS, Result, Store
from collaborative_table import write_extract, write_page
from equipoise.data.dataset import Dataset
from equipoise.data.foreign import read_dataset
from equipoise.data.interactions import Interactions
from equipoise.data.splits.choice import Wishes, rules_of
from equipoise.data.splits.parts import Parts
from equipoise.models.learner import Learner, Scorer
from equipoise.training.contest import Terms, judged

SEEDS = (1, 2, 3)


@dataclass(slots=True)
class Watched:
    """A learner, and whether it `drew` from its generator when it was fitted."""

    learner: Learner
    drew: bool = False

    def fit(self, data: Interactions, *, rng: np.random.Generator) -> Scorer:
        """Fit the learner and look whether the generator, or what it spawns, has moved."""
        before = _state(rng)
        scorer = self.learner.fit(data, rng=rng)
        self.drew = _state(rng) != before
        return scorer


def _state(rng: np.random.Generator) -> str:
    seeds = rng.bit_generator.seed_seq
    return f"{rng.bit_generator.state} {getattr(seeds, 'n_children_spawned', 0)}"


def main() -> None:
    options = _options()
    store = Store.opened(options.out)
    if not options.table:
        for protocol, contestant, seed in _wanted(options.sets, options.models):
            if not store.answers(protocol.name, contestant.label, seed):
                result = measured(protocol, contestant, seed)
                store.keep(result)
                print(result.line(), flush=True)
    else:
        write_page(store)
        write_extract(store)


def measured(protocol: Protocol, contestant: Contestant, seed: int) -> Result:
    """Fit a contestant on what `protocol` lets it see, and ask it the questions of the test."""
    data, parts = _opened(protocol)
    terms = Terms(ks=protocol.ks, exclude_seen=protocol.exclude_seen)
    entry = contestant.entry(data)
    watched = Watched(entry.learner)
    outcome = judged(replace(entry, learner=watched), parts, terms.asked(parts), terms, seed)
    row = outcome.row()
    return Result(
        protocol=protocol.name,
        model=contestant.label,
        source=contestant.source,
        seed=seed,
        metrics={name: round(value, 6) for name, value in row["metrics"].items()},
        half_widths={name: round((high - low) / 2, 6) for name, (low, high) in row["intervals"].items()},
        users=row["users"],
        draws=watched.drew,
        fit_seconds=round(outcome.fit_seconds, 2),
        score_seconds=round(outcome.score_seconds, 2),
        peak_memory_mb=round(outcome.peak_memory_mb),
        threads=os.environ.get("OMP_NUM_THREADS", "all"),
    )


@lru_cache(maxsize=1)
def _opened(protocol: Protocol) -> tuple[Dataset, Parts]:
    data = read_dataset(str(Path(os.environ.get("EQUIPOISE_DATA", "../shared/data")) / protocol.path))
    (rule,) = rules_of(protocol.split, data, Wishes())
    return data, rule.hold_out(data.interactions)


def _wanted(sets: Sequence[str], models: Sequence[str]) -> Iterator[tuple[Protocol, Contestant, int]]:
    """Yield everybody under the first seed before anybody under the second."""
    for seed in SEEDS:
        for name in sets:
            for contestant in SETTINGS[name]:
                if not models or contestant.label.partition("(")[0] in models:
                    yield PROTOCOLS[name], contestant, seed


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", nargs="+", default=list(PROTOCOLS), choices=list(PROTOCOLS))
    parser.add_argument("--models", nargs="+", default=[], help="names without settings; default: all")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--table", action="store_true", help="write the page and measure nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main()
