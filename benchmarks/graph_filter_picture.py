"""Draws the frequency responses of the graph filters for docs/guide/models/neighbours.md.

python benchmarks/graph_filter_picture.py --svg docs/guide/models/responses.svg
"""

import argparse
from pathlib import Path

import numpy as np

from equipoise.models.neighbours.responses import LowPass, OneHop, Polynomial, Response, Ridge
from equipoise.types import Floats

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 560, 300, 56, 20, 250
LAST = 0.08
"""The smallest eigenvalue that is corrected exactly, as with a few hundred vectors of a shop's graph."""
CURVES: dict[str, tuple[Response, str]] = {
    "one_hop": (OneHop(), "#777777"),
    "low_pass": (LowPass(weight=0.3), "#b3541e"),
    "polynomial": (Polynomial(), "#2f7d4f"),
    "ridge": (Ridge(reg=0.06), "#2b5fa8"),
}


def response(curve: Response, at: Floats) -> Floats:
    """Return what `curve` lets through, as a share of the most."""
    coefficients = np.array(curve.polynomial(LAST))
    walked = at[:, None] ** np.arange(1, len(coefficients) + 1) @ coefficients
    found = np.where((at >= LAST) & curve.corrects, curve.at(at), walked)
    return np.asarray(found / found.max())


def drawn(name: str, place: int) -> list[str]:
    curve, colour = CURVES[name]
    at = np.linspace(0, 1, 201)
    xs, ys = LEFT + 360 * at, BOTTOM - (BOTTOM - TOP) * response(curve, at)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
    y = TOP + 22 + 24 * place
    return [
        f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>',
        f'<line x1="436" x2="458" y1="{y - 4}" y2="{y - 4}" stroke="{colour}" stroke-width="2"/>',
        f'<text x="466" y="{y}">{name}</text>',
    ]


def picture() -> str:
    axes = [
        f'<path fill="none" stroke="#999" d="M{LEFT} {TOP}V{BOTTOM}H{LEFT + 360}"/>',
        f'<text x="{LEFT}" y="{BOTTOM + 18}" text-anchor="middle">0</text>',
        f'<text x="{LEFT + 360}" y="{BOTTOM + 18}" text-anchor="middle">1</text>',
        f'<text x="{LEFT + 180}" y="{BOTTOM + 36}" text-anchor="middle">'
        "eigenvalue: rare taste on the left, what all share on the right</text>",
        f'<text transform="translate(20 {BOTTOM}) rotate(-90)">let through, as a share of the most</text>',
    ]
    body = "\n".join([*axes, *(line for place, name in enumerate(CURVES) for line in drawn(name, place))])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Frequency responses of graph filters" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="#333">\n{body}\n</svg>\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--svg", type=Path, default=Path("responses.svg"))
    parser.parse_args().svg.write_text(picture())


if __name__ == "__main__":
    main()
