"""Cost against size: what fitting and asking cost as a shop grows, and where one machine ends.

    PYTHONPATH=src EQUIPOISE_DATA=../shared/data python benchmarks/cost_collaborative.py --page

The shops are cut from gowalla: its most met items, the same share of its users drawn at random, and what
these met of those. Time is that of the processor (one thread where OMP_NUM_THREADS=1), memory the peak above
what the process held before fitting; a query is the best 10 for one history, all items scored, the middle of
200. The second table carries on the line through the two largest shops: on logarithmic scales for fitting and
memory, straight for a query answered among a thousand.
"""

import argparse
import ctypes
import gc
import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.models import EASE, Blend, ItemKNN, Learner, Popularity, ReciprocalRank, Stacking
from equipoise.models.registry import named
from equipoise.random import derive
from equipoise.training.meter import metered

SIZES = (625, 1250, 2500, 5000)
MODELS = (
    "popularity",
    "item_knn",
    "graph_filter",
    "als",
    "slist",
    "ease",
    "blend",
    "reciprocal_rank",
    "stacking",
)
MEMORY_GB, HOURS, MILLISECONDS = 64.0, 1.0, 100.0
"""Where one machine ends: its memory, the patience of whoever fits, that of whoever asks."""
QUERIES = 200
PAGE = Path(__file__).parent.parent / "docs" / "guide" / "models" / "cost.md"
SMALLEST = {"fit_seconds": 1e-3, "memory_mb": 1.0, "query_ms": 1e-3}
"""What is less is drawn as this."""
BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"


def _parts() -> dict[str, Learner]:
    return {"popularity": Popularity(), "item_knn": ItemKNN(), "ease": EASE()}


QUICK: dict[str, Learner] = {
    "blend": Blend(learners=_parts()),
    "reciprocal_rank": ReciprocalRank(learners=_parts()),
    "stacking": Stacking(learners=_parts()),
}
"""Models made of models: of parts that need no deep learning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one model cost on one shop."""

    model: str
    items: int
    users: int
    interactions: int
    fit_seconds: float
    memory_mb: float
    query_ms: float
    bulk_ms: float


def main() -> None:
    options = _options()
    sizes = [int(size) for size in options.sizes.split(",")]
    costs: list[Cost] = []
    for data in [shop(size) for size in sizes]:
        for name in options.models.split(","):
            costs.append(measured(name, data))
            print(costs[-1], flush=True)
    lines = [*table(costs), "", *ends(costs)]
    print("\n".join(lines))
    if options.out is not None:
        options.out.write_text(json.dumps([asdict(cost) for cost in costs], indent=1) + "\n")
    if options.page:
        write(lines, costs)


def measured(name: str, data: Interactions) -> Cost:
    """Fit the model called `name` and ask it."""
    learner = QUICK[name] if name in QUICK else named(name)
    histories = data.histories().take(derive(1, "asked").permutation(data.n_users)[:1000])
    _give_back()
    before = _held_mb()
    with metered() as cost:
        started = time.process_time()
        scorer = learner.fit(data, rng=derive(1, "fit", name))
        fitted = time.process_time() - started
    scorer.top(histories[:1], 10)
    singles = [_seconds(lambda row=row: scorer.top(histories[row : row + 1], 10)) for row in range(QUERIES)]
    bulk = _seconds(lambda: scorer.top(histories, 10))
    return Cost(
        model=name,
        items=data.n_items,
        users=data.n_users,
        interactions=len(data),
        fit_seconds=fitted,
        memory_mb=max(cost.memory_mb - before, 0.0),
        query_ms=1e3 * float(np.median(singles)),
        bulk_ms=1e3 * bulk / len(histories),
    )


def table(costs: Sequence[Cost]) -> list[str]:
    """Return what was measured as lines of Markdown."""
    lines = [
        "| model | items | users | rows | fit, s | peak memory, MB | one query, ms | one of 1,000, ms |",
        "|---" * 8 + "|",
    ]
    for cost in sorted(costs, key=lambda one: (one.model, one.items)):
        sizes = f"{cost.items:,} | {cost.users:,} | {cost.interactions:,}"
        figures = f"{cost.fit_seconds:.2f} | {cost.memory_mb:.0f} | {cost.query_ms:.2f} | {cost.bulk_ms:.2f}"
        lines.append(f"| `{cost.model}` | {sizes} | {figures} |")
    return lines


def ends(costs: Sequence[Cost]) -> list[str]:
    """Return how each model grows with the items of the shop, and where it meets a limit first."""
    lines = [
        "| model | fit grows as | memory as | a query, for a million items more | "
        f"{HOURS:g} h of fitting at | {MEMORY_GB:g} GB at | {MILLISECONDS:g} ms a query at |",
        "|---" * 7 + "|",
    ]
    for name in sorted({cost.model for cost in costs}):
        own = sorted((cost for cost in costs if cost.model == name), key=lambda one: one.items)[-2:]
        if len(own) < 2:
            continue
        items = [cost.items for cost in own]
        limits = (
            ([cost.fit_seconds for cost in own], HOURS * 3600),
            ([cost.memory_mb for cost in own], MEMORY_GB * 1024),
        )
        found = [_line(items, values, limit) for values, limit in limits]
        powers = " | ".join(f"n^{power:.1f}" if np.isfinite(power) else "flat" for power, _ in found)
        slope = max(own[1].bulk_ms - own[0].bulk_ms, 0.0) / (items[1] - items[0])
        asked = items[1] + (MILLISECONDS - own[1].query_ms) / slope if slope > 0 else np.inf
        at = " | ".join(_items(size) for size in (*(size for _, size in found), asked))
        lines.append(f"| `{name}` | {powers} | {slope * 1e6:.1f} ms | {at} |")
    return lines


def _line(items: Sequence[int], values: Sequence[float], limit: float) -> tuple[float, float]:
    """Return the power of the line through two points, and the size at which it meets `limit`."""
    if min(values) <= 0 or values[1] <= values[0]:
        return -np.inf, np.inf
    power = float(np.log(values[1] / values[0]) / np.log(items[1] / items[0]))
    return power, items[1] * float((limit / values[1]) ** (1 / power))


def _items(size: float) -> str:
    return "beyond 100 million items" if not size < 1e8 else f"{float(f'{size:.2g}'):,.0f} items"


def shop(n_items: int) -> Interactions:
    """Return the interactions of the `n_items` most met items with as large a share of the users."""
    lines = (_folder() / "gowalla" / "train.txt").read_text().splitlines()
    rows = [np.array(line.split()[1:], np.int64) for line in lines]
    counts = np.bincount(np.concatenate(rows))
    code = np.full(len(counts), -1)
    code[np.argsort(-counts, kind="stable")[:n_items]] = np.arange(n_items)
    drawn = derive(1, "users").permutation(len(rows))[: int(len(rows) * n_items / len(counts))]
    kept = [codes[codes >= 0] for codes in (code[rows[user]] for user in np.sort(drawn))]
    kept = [row for row in kept if len(row)]
    histories = Histories.of(kept)
    return Interactions(
        users=histories.rows(),
        items=histories.items,
        times=np.concatenate([np.arange(len(row)) for row in kept]),
        weights=np.ones(len(histories.items)),
        values=np.zeros(len(histories.items)),
        n_users=len(kept),
        n_items=n_items,
    )


def write(lines: Sequence[str], costs: Sequence[Cost]) -> None:
    """Put the tables into the page, and draw the picture beside it."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{after}")
    draw(costs, PAGE.with_suffix(".svg"))


def draw(costs: Sequence[Cost], path: Path) -> None:
    """Draw seconds of fitting and milliseconds of a query against the items of the shop."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "equipoise"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(11, 3.6), layout="constrained")
    titles = {"fit_seconds": "fit, s", "memory_mb": "peak memory, MB", "query_ms": "one query, ms"}
    for panel, (column, title) in zip(axes, titles.items(), strict=True):
        for name in sorted({cost.model for cost in costs}):
            own = sorted((cost for cost in costs if cost.model == name), key=lambda one: one.items)
            values = [max(getattr(cost, column), SMALLEST[column]) for cost in own]
            panel.loglog([cost.items for cost in own], values, marker="o", label=name)
        sizes = sorted({cost.items for cost in costs})
        panel.set(title=title, xlabel="items", xticks=sizes, xticklabels=[f"{size:,}" for size in sizes])
        panel.minorticks_off()
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=8, frameon=False)
    figure.savefig(path, metadata={"Date": None})


def _seconds(work) -> float:  # type: ignore[no-untyped-def]
    started = time.process_time()
    work()
    return time.process_time() - started


def _give_back() -> None:
    """Return to the system what earlier models left, or the next would seem to need nothing."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def _held_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return float(status.partition("VmRSS:")[2].split()[0]) / 1024


def _folder() -> Path:
    return Path(os.environ.get("EQUIPOISE_DATA", "../shared/data"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", default=",".join(MODELS), help="any names of the registry")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="items of each shop")
    parser.add_argument("--page", action="store_true", help="write the tables and the picture into the guide")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
