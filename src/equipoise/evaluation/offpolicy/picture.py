"""Estimates and their intervals as SVG, for browsers and documents, without a plotting library."""

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from equipoise.evaluation.offpolicy.compare import Judged, short

WIDTH, LEFT, RIGHT, TOP, STEP = 760, 300, 40, 64, 26
SUPPORTED, REFUSED = "#0072b2", "#999999"


def drawn(rows: Sequence[Judged], title: str) -> str:
    """Return a picture of `rows`: a point and its interval each, grey where the log does not support it."""
    shown = [row for row in rows if row.estimate is not None]
    height = TOP + STEP * max(len(shown), 1) + 46
    body = "\n".join((*_frame(title, height), *_scale(shown, height), *_marks(shown)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="#333">\n{body}\n</svg>\n'
    )


def _ends(rows: Sequence[Judged]) -> tuple[float, float]:
    ends = [end for row in rows if row.estimate is not None for end in (row.estimate.low, row.estimate.high)]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    spare = 0.05 * (high - low) or max(abs(high), 1.0) * 0.05
    return low - spare, high + spare


def _at(value: float, ends: tuple[float, float]) -> float:
    low, high = ends
    return LEFT + (WIDTH - LEFT - RIGHT) * (value - low) / (high - low)


def _frame(title: str, height: int) -> Iterator[str]:
    yield f"<title>{escape(title)}</title>"
    yield f'<rect width="{WIDTH}" height="{height}" fill="white"/>'
    yield f'<text x="16" y="28" font-size="16" font-weight="600">{escape(title)}</text>'
    note = "reward a round and its interval; grey: not supported by the log"
    yield f'<text x="16" y="48" fill="#666">{note}</text>'


def _scale(rows: Sequence[Judged], height: int) -> Iterator[str]:
    ends = _ends(rows)
    rough = (ends[1] - ends[0]) / 4
    unit = 10.0 ** np.floor(np.log10(rough))
    step = unit * next(nice for nice in (1, 2, 5, 10) if nice * unit >= rough)
    # Adding 0 makes a tick at -0 one at 0.
    for tick in np.arange(np.ceil(ends[0] / step), np.floor(ends[1] / step) + 1) * step + 0.0:
        place = _at(float(tick), ends)
        yield f'<path d="M{place:.1f} {TOP}V{height - 40}" stroke="#e4e4e4"/>'
        yield f'<text x="{place:.1f}" y="{height - 20}" text-anchor="middle">{tick:,.6g}</text>'


def _marks(rows: Sequence[Judged]) -> Iterator[str]:
    ends = _ends(rows)
    for number, row in enumerate(rows):
        if row.estimate is None:
            continue
        colour = SUPPORTED if row.verdict.supported else REFUSED
        height = TOP + STEP * number + STEP / 2
        low, value, high = (_at(x, ends) for x in (row.estimate.low, row.estimate.value, row.estimate.high))
        name = escape(f"{short(row.target)}, {row.estimator}"[:40])
        yield f'<text x="{LEFT - 12}" y="{height + 4:.1f}" text-anchor="end">{name}</text>'
        yield f'<path d="M{low:.1f} {height:.1f}H{high:.1f}" stroke="{colour}" stroke-width="3"/>'
        yield f'<circle cx="{value:.1f}" cy="{height:.1f}" r="5" fill="{colour}"/>'
