"""Every model on public data, beside published figures: tuned on validation data, tested once, three seeds.

    PYTHONPATH=src python benchmarks/collaborative.py             # whatever has not been measured yet
    PYTHONPATH=src python benchmarks/collaborative.py --sets beauty --models ease
    PYTHONPATH=src python benchmarks/collaborative.py --table     # the page, from what is kept

Data sets are read from EQUIPOISE_DATA (default ../shared/data). Results are kept one by one, so that a
stopped run goes on; a contestant whose settings have changed is another one, and the old lines are
passed over. Settings and where they are from stand in collaborative_settings.py; `equipoise tune` finds
them, on validation data only.
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from collaborative_protocols import PROTOCOLS, Protocol
from collaborative_settings import SETTINGS, Contestant
from collaborative_store import RESULTS, Result, Store
from collaborative_table import write_page
from equipoise.data.dataset import Dataset
from equipoise.data.foreign import read_dataset
from equipoise.data.splits.choice import Wishes, rules_of
from equipoise.data.splits.parts import Parts
from equipoise.training.contest import Terms, judged

SEEDS = (1, 2, 3)


def main() -> None:
    options = _options()
    store = Store.opened(options.out)
    if not options.table:
        for protocol, contestant, seed in _wanted(options.sets, options.models):
            if not store.has(protocol.name, contestant.label, seed):
                result = measured(protocol, contestant, seed)
                store.keep(result)
                print(result.line(), flush=True)
    else:
        write_page(store)


def measured(protocol: Protocol, contestant: Contestant, seed: int) -> Result:
    """Fit a contestant on what `protocol` lets it see, and ask it the questions of the test."""
    data, parts = _opened(protocol)
    terms = Terms(ks=protocol.ks, exclude_seen=protocol.exclude_seen)
    outcome = judged(contestant.entry(data), parts, terms.asked(parts), terms, seed)
    row = outcome.row()
    return Result(
        protocol=protocol.name,
        model=contestant.label,
        source=contestant.source,
        seed=seed,
        metrics={name: round(value, 6) for name, value in row["metrics"].items()},
        half_widths={name: round((high - low) / 2, 6) for name, (low, high) in row["intervals"].items()},
        users=row["users"],
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
    for name in sets:
        for contestant in SETTINGS[name]:
            if not models or contestant.label.partition("(")[0] in models:
                yield from ((PROTOCOLS[name], contestant, seed) for seed in SEEDS)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", nargs="+", default=list(PROTOCOLS), choices=list(PROTOCOLS))
    parser.add_argument("--models", nargs="+", default=[], help="names without settings; default: all")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--table", action="store_true", help="write the page and measure nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main()
