"""Curves with bands as SVG, for browsers and documents, without a plotting library."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from equipoise.types import Floats

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#444444", "#8c6bb1")
"""Okabe and Ito's, which colour-blind readers tell apart."""
WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 74, 40, 48, 56


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """`y` (p,) over `x` (p,), with a band of `half` (p,) on both sides."""

    name: str
    x: Floats
    y: Floats
    half: Floats


@dataclass(frozen=True, slots=True)
class _Axis:
    """A straight map from values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: Floats | float) -> Floats:
        """Return the pixels of `value`."""
        share = (np.asarray(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Return about five round numbers within."""
        rough = (self.high - self.low) / 5
        unit = 10.0 ** np.floor(np.log10(rough))
        step = unit * next(nice for nice in (1, 2, 5, 10) if nice * unit >= rough)
        first = np.ceil(self.low / step - 1e-9)
        return [float(step * i) + 0.0 for i in np.arange(first, np.floor(self.high / step + 1e-9) + 1)]


def drawn(curves: Sequence[Curve], *, title: str, x: str, y: str) -> str:
    """Return the picture of `curves` as an SVG document."""
    across = _axis(0.0, max(float(c.x.max()) for c in curves), LEFT, WIDTH - RIGHT)
    lowest = min(0.0, *(float((c.y - c.half).min()) for c in curves))
    up = _axis(lowest, max(float((c.y + c.half).max()) for c in curves), HEIGHT - BOTTOM, TOP)
    parts = [*_frame(across, up, title, x, y)]
    for place, curve in enumerate(curves):
        parts.extend(_line(curve, across, up, COLOURS[place % len(COLOURS)]))
    parts.extend(_legend([curve.name for curve in curves]))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="#333">\n{body}\n</svg>\n'
    )


def _axis(low: float, high: float, start: float, end: float) -> _Axis:
    return _Axis(low, high if high > low else low + 1.0, start, end)


def _frame(across: _Axis, up: _Axis, title: str, x: str, y: str) -> Iterator[str]:
    yield f"<title>{escape(title)}</title>"
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    yield f'<text x="{LEFT}" y="28" font-size="16" font-weight="600">{escape(title)}</text>'
    for value in up.ticks():
        height = float(up.at(value))
        yield f'<path d="M{LEFT} {height:.1f}H{WIDTH - RIGHT}" stroke="#e4e4e4"/>'
        yield f'<text x="{LEFT - 8}" y="{height + 4:.1f}" text-anchor="end">{value:,.6g}</text>'
    for value in across.ticks():
        place = float(across.at(value))
        yield f'<text x="{place:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{value:,.6g}</text>'
    yield f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" fill="none" stroke="#888"/>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 14}" text-anchor="middle">{escape(x)}</text>'
    centre = (TOP + HEIGHT - BOTTOM) / 2
    yield f'<text transform="translate(18 {centre}) rotate(-90)" text-anchor="middle">{escape(y)}</text>'


def _line(curve: Curve, across: _Axis, up: _Axis, colour: str) -> Iterator[str]:
    there = _points(across.at(curve.x), up.at(curve.y + curve.half))
    back = _points(across.at(curve.x), up.at(curve.y - curve.half))[::-1]
    yield f'<polygon points="{" ".join(there + back)}" fill="{colour}" opacity="0.15"/>'
    line = " ".join(_points(across.at(curve.x), up.at(curve.y)))
    yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _points(x: Floats, y: Floats) -> list[str]:
    return [f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True)]


def _legend(names: Sequence[str]) -> Iterator[str]:
    for row, name in enumerate(names):
        height, colour = TOP + 14 + 20 * row, COLOURS[row % len(COLOURS)]
        yield f'<path d="M{LEFT + 14} {height}h22" stroke="{colour}" stroke-width="3"/>'
        yield f'<text x="{LEFT + 44}" y="{height + 4}">{escape(name)}</text>'
