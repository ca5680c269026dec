"""Money against engagement: the front that weighted sums reach, and where floors of engagement settle.

    python benchmarks/pareto.py --seeds 5 --json benchmarks/results/pareto.json --svg docs/guide/pareto.svg

In the world `revenue` what sells is not what earns. Each policy learns from one reward, the weighted sum of
money and purchases, and is judged in the second half of its life by what its slates were expected to earn
and to sell. The floors learn the price of a purchase online, from one request in twenty that is served for
purchases alone. All policies are `balanced`, which sees by itself how fast old prices lose their meaning.
Points that are done are kept in `--json`.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.balance.balanced import Balanced
from equipoise.balance.objectives import Lagrangian, Objective
from equipoise.policies import Options, Slates
from equipoise.random import derive
from equipoise.simulation.impressions import chosen, impressions
from equipoise.simulation.worlds import Revenue
from equipoise.types import Floats

BATCH = 20
WEIGHTS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)
FLOORS = (0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Point:
    """Money and purchases a slate, expected."""

    money: float
    bought: float


def lived(rounds: int, seed: int, *, weight: float = 0.0, objective: Objective | None = None) -> Point:
    """Return where a policy ends that learns from money and purchases by `weight`, or by `objective`."""
    world: Any = Revenue().start(seed)
    rng = derive(seed, "pareto")
    lagrangian = None if objective is None else objective.start()
    policy: Any = None
    pure: Any = None
    ends: list[tuple[float, float]] = []
    for done in range(0, rounds, BATCH):
        options = world.requests(BATCH)
        if policy is None:
            policy = pure = Balanced().start(options.features.shape[2])
        slates = policy.decide(options, 1, rng=rng)
        if lagrangian is not None:
            slates = _with(slates, pure.decide(options, 1, rng=rng))
        money = world.react(options, slates)
        bought = (money > 0.0).astype(np.float64)
        if lagrangian is not None:
            # The first of each batch is served for purchases alone.
            lagrangian = lagrangian.learn(money[1:, 0], bought[1:, 0], bought[:1, 0])
            pure = pure.update(impressions(options, slates, bought))
        reward = _reward(lagrangian, weight)(money, bought)
        policy = policy.update(impressions(options, slates, reward))
        if done >= rounds // 2:
            ends.append((float(world.value(options, slates).mean()), _bought(world, options, slates)))
    return Point(*np.mean(ends, axis=0).tolist())


def _reward(lagrangian: Lagrangian | None, weight: float) -> Callable[[Floats, Floats], Floats]:
    if lagrangian is not None:
        return lagrangian.reward
    return lambda money, bought: (1.0 - weight) * money + weight * bought


def _with(slates: Slates, first: Slates) -> Slates:
    """Return `slates` with the first row of `first`."""
    actions, propensities = slates.actions.copy(), slates.propensities.copy()
    actions[0], propensities[0] = first.actions[0], first.propensities[0]
    return replace(slates, actions=actions, propensities=propensities)


def _bought(world: Any, options: Options, slates: Slates) -> float:
    """Return the expected purchases a slate."""
    scene: Any = options
    outcomes = world.plan.clicks.expected(chosen(scene.appeals, slates.actions), scene.patience)
    return float(outcomes.sum(axis=1).mean())


def makers(rounds: int) -> dict[str, Callable[[int], Point]]:
    """Return what makes the point of a seed, by name."""
    weighted = {f"weight {weight:g}": {"weight": weight} for weight in WEIGHTS}
    floored = {f"floor {floor:g}": {"objective": Objective(floor=floor)} for floor in FLOORS}
    settings: dict[str, dict[str, Any]] = {**weighted, **floored}
    return {name: partial(lived, rounds, **chosen) for name, chosen in settings.items()}


def measured(rounds: int, seeds: int, kept: Path) -> dict[str, Floats]:
    """Return money and purchases of each point, the mean over seeds, (2,)."""
    done: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    for name, make in makers(rounds).items():
        points = done.setdefault(f"{name} {rounds}", [])
        for seed in range(len(points), seeds):
            point = make(seed)
            points.append([point.money, point.bought])
            kept.write_text(json.dumps(done))
    return {name: np.mean(done[f"{name} {rounds}"], axis=0) for name in makers(rounds)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=40_000)
    parser.add_argument("--json", type=Path, default=Path("pareto.json"))
    parser.add_argument("--svg", type=Path, default=Path("pareto.svg"))
    options = parser.parse_args()
    means = measured(options.rounds, options.seeds, options.json)
    best = np.max(list(means.values()), axis=0)
    for name, mean in means.items():
        money, bought = (f"{value:.4f} ({value / most:6.1%})" for value, most in zip(mean, best, strict=True))
        print(f"{name:<14} money {money}  bought {bought}")
    options.svg.write_text(picture({name: mean / best for name, mean in means.items()}))


WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 480, 74, 58, 30, 60


def picture(points: dict[str, Floats]) -> str:
    """Return the front as SVG; points are shares of the best money and the best engagement."""
    money, bought = np.array(list(points.values())).T
    across, up = _scale(bought, LEFT, WIDTH - RIGHT), _scale(money, HEIGHT - BOTTOM, TOP)
    front = [(bought, money) for name, (money, bought) in points.items() if name.startswith("weight")]
    line = " ".join(f"{across(b):.1f},{up(m):.1f}" for b, m in front)
    parts = [
        *_frame(),
        *(_across(across(share), share) for share in _ticks(bought)),
        *(_up(up(share), share) for share in _ticks(money)),
        f'<polyline points="{line}" fill="none" stroke="{BLUE}" stroke-width="2" opacity="0.6"/>',
        *(_point(name, across(b), up(m)) for name, (m, b) in points.items()),
    ]
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="#333">\n{body}\n</svg>\n'
    )


BLUE, ORANGE = "#0072b2", "#d55e00"


def _frame() -> list[str]:
    middle, turned = (LEFT + WIDTH) / 2, f"translate(20 {HEIGHT / 2}) rotate(-90)"
    return [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="28" font-size="16" font-weight="600">Money against engagement</text>',
        f'<text x="{LEFT}" y="44" font-size="12">by the weight of purchases, and by floors</text>',
        f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - RIGHT}" fill="none" stroke="#888"/>',
        f'<text x="{middle}" y="{HEIGHT - 16}" text-anchor="middle">purchases, of the most</text>',
        f'<text transform="{turned}" text-anchor="middle">money, of the most</text>',
    ]


def _across(x: float, share: float) -> str:
    return f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{share:.0%}</text>'


def _up(y: float, share: float) -> str:
    line = f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#e4e4e4"/>'
    return f'{line}<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{share:.0%}</text>'


def _point(name: str, x: float, y: float) -> str:
    kind, _, size = name.partition(" ")
    weighted = kind == "weight"
    colour, radius = (BLUE, 4) if weighted else (ORANGE, 6)
    right, down, anchor = (7, -7, "start") if weighted else (-10, 14, "end")
    told = size if weighted else f"floor {float(size):.0%}"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>'
        f'<text x="{x + right:.1f}" y="{y + down:.1f}" text-anchor="{anchor}" font-size="11" '
        f'fill="{colour}">{told}</text>'
    )


def _scale(values: Floats, start: float, end: float) -> Callable[[float], float]:
    low, high = float(values.min()), float(values.max())
    margin = 0.12 * (high - low)
    return lambda value: start + (value - low + margin) / (high - low + 2 * margin) * (end - start)


def _ticks(values: Floats) -> list[float]:
    step = 0.05 if float(np.ptp(values)) < 0.4 else 0.1
    places = np.arange(np.ceil(values.min() / step), np.floor(values.max() / step) + 1)
    return [float(place) for place in places * step]


if __name__ == "__main__":
    main()
