"""The page of the comparison, docs/guide/collaborative.md, made of what is kept alone.

And its extract in docs/guide/models/which.md: a row a model, a column a data set.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from collaborative_aims import verdict
from collaborative_protocols import PROTOCOLS, Protocol
from collaborative_settings import SETTINGS, Contestant
from collaborative_store import Result, Store, mean

GUIDE = Path(__file__).parent.parent / "docs" / "guide"
PAGE, EXTRACT = GUIDE / "collaborative.md", GUIDE / "models" / "which.md"
BEGIN, END = "<!-- measured -->", "<!-- end of measured -->"
_INTRODUCTION = """# Models on public data

*Written by `python benchmarks/collaborative.py --table` from the measurements in
`benchmarks/results/collaborative.jsonl`.*

Every model is fitted on what the protocol lets it see, with settings found on validation data that were
carved out of that part, and asked the test once under each of three seeds. A model that draws nothing while
it is fitted is the same under every seed and is asked once: the column says which. Figures are means over
users and seeds; ± is half of the 95 % interval over users (normal), and in brackets the standard deviation
over seeds where it shows. All items are ranked, and equal scores are put in random order. Seconds are wall
seconds on a shared machine of two cores that was busy with other work, the least of the seeds, with the
number of threads in brackets: they tell the order of magnitude, and less where there was one seed only.
Memory is the peak of the whole process, the data included.

Published figures are recalled from papers and leaderboards, where protocols differ in details; they are
there to tell the scale.
"""


def write_page(store: Store, page: Path = PAGE) -> None:
    """Write the page whole."""
    page.write_text(
        "\n".join([_INTRODUCTION, *(line for each in PROTOCOLS.values() for line in section(store, each))])
    )


def section(store: Store, protocol: Protocol) -> Iterator[str]:
    """Yield the lines of one protocol: what is asked, and a table of models, the best on top."""
    measured = [(each, store.of(protocol.name, each.label)) for each in SETTINGS[protocol.name]]
    ranked = sorted(
        ((each, results) for each, results in measured if results),
        key=lambda pair: -mean(pair[1], _main(protocol)),
    )
    yield f"## {protocol.title}\n"
    yield f"{protocol.about}\n"
    columns = ("model", *protocol.shown, "fit s", "score s", "peak MB", "seeds", "settings from")
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    yield from (_row(each, results, protocol) for each, results in ranked)
    for who, figures in protocol.published:
        yield f"| *published: {who}* | {' | '.join(figures)} | | | | | |"
    yield ""
    if said := verdict(store, protocol):
        yield f"{said}\n"


def _row(contestant: Contestant, results: Sequence[Result], protocol: Protocol) -> str:
    figures = [_figure(results, metric) for metric in protocol.shown]
    threads = "/".join(sorted({one.threads for one in results}))
    costs = (
        f"{min(one.fit_seconds for one in results):.1f} ({threads})",
        f"{min(one.score_seconds for one in results):.1f}",
        f"{max(one.peak_memory_mb for one in results):,}",
        f"{len(results)}{'' if all(one.draws for one in results) else ', draws nothing'}",
    )
    return f"| `{contestant.label}` | {' | '.join([*figures, *costs])} | {contestant.source} |"


def _figure(results: Sequence[Result], metric: str) -> str:
    values = [one.metrics[metric] for one in results]
    form = ".2f" if metric.startswith("revenue") else ".4f"
    half = [one.half_widths[metric] for one in results if metric in one.half_widths]
    interval = f" ± {np.mean(half):{form}}" if half else ""
    spread = f"{np.std(values, ddof=1) if len(values) > 1 else 0.0:{form}}"
    return f"{np.mean(values):{form}}{interval}" + (f" ({spread})" if float(spread) > 0 else "")


def write_extract(store: Store, page: Path = EXTRACT) -> None:
    """Write the table of models by data sets between the marks of `page`."""
    before, _, rest = page.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text("\n".join([f"{before}{BEGIN}", "", *extract(store), "", f"{END}{after}"]))


def extract(store: Store) -> list[str]:
    """Return a row a model and a column a protocol: the best that any of its settings reached."""
    columns = [_best(store, each) for each in PROTOCOLS.values()]
    names = sorted({name for column in columns for name in column})
    head = [f"{each.name}, {_main(each)}" for each in PROTOCOLS.values()]
    rows = [f"| `{name}` | {' | '.join(_cell(column, name) for column in columns)} |" for name in names]
    aims = [f"- {each.title}. {said}" for each in PROTOCOLS.values() if (said := verdict(store, each))]
    return [f"| model | {' | '.join(head)} |", f"|{'---|' * (len(head) + 1)}", *rows, "", *aims]


def _best(store: Store, protocol: Protocol) -> dict[str, float]:
    best: dict[str, float] = {}
    for contestant in SETTINGS[protocol.name]:
        if results := store.of(protocol.name, contestant.label):
            name = contestant.label.partition("(")[0]
            best[name] = max(best.get(name, 0.0), mean(results, _main(protocol)))
    return best


def _cell(column: dict[str, float], name: str) -> str:
    if name not in column:
        return ""
    figure = f"{column[name]:.4f}".lstrip("0")
    return f"**{figure}**" if column[name] == max(column.values()) else figure


def _main(protocol: Protocol) -> str:
    """Return the metric by which models are put in order."""
    return protocol.shown[-1 if len(protocol.shown) == 2 else 1]
