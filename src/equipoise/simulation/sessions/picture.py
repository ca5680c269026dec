"""A table of Q as an SVG picture: a row a state, a column an action, the greedy one framed."""

from collections.abc import Iterator
from html import escape

import numpy as np

from equipoise.models.reinforcement.process import Process
from equipoise.models.reinforcement.q_table import QTable

CELL, ROW, LEFT, TOP = 96, 36, 120, 56


def table_picture(process: Process, table: QTable) -> str:
    """Return `table` as an SVG document: the darker, the more it is worth; visits stand below."""
    rows = np.flatnonzero(process.final == 0)
    width, height = LEFT + CELL * len(process.actions) + 16, TOP + ROW * len(rows) + 16
    cells = "\n".join(_cells(process, table))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="#222">\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n'
        f'<text x="{LEFT}" y="22" font-size="14">'
        f"Q(state, action), visits below; framed is what is shown</text>\n"
        f"{cells}\n</svg>\n"
    )


def _cells(process: Process, table: QTable) -> Iterator[str]:
    low, span = float(table.values.min()), max(float(np.ptp(table.values)), 1e-12)
    for place, action in enumerate(process.actions):
        x = LEFT + CELL * (place + 0.5)
        yield f'<text x="{x}" y="{TOP - 8}" text-anchor="middle">{escape(action)}</text>'
    for line, state in enumerate(np.flatnonzero(process.final == 0)):
        y = TOP + ROW * line
        name = escape(process.states[state])
        yield f'<text x="{LEFT - 8}" y="{y + 22}" text-anchor="end">{name}</text>'
        for place in range(len(process.actions)):
            value, best = float(table.values[state, place]), table.greedy()[state] == place
            frame = '#d55e00" stroke-width="2.5' if best else "#fff"
            shade = (value - low) / span
            yield (
                f'<rect x="{LEFT + CELL * place + 2}" y="{y + 2}" width="{CELL - 4}" height="{ROW - 4}" '
                f'fill="#0072b2" fill-opacity="{0.06 + 0.6 * shade:.2f}" stroke="{frame}">'
                f"<title>{table.visits[state, place]:,} visits</title></rect>"
                f'<text x="{LEFT + CELL * (place + 0.5)}" y="{y + 16}" text-anchor="middle">'
                f"{value:.3f}</text>"
                f'<text x="{LEFT + CELL * (place + 0.5)}" y="{y + 29}" text-anchor="middle" font-size="9">'
                f"{table.visits[state, place]:,}</text>"
            )
