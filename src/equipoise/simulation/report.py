"""What a study found: means and intervals over seeds, and the curves behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from equipoise.simulation.intervals import half_widths, interval
from equipoise.simulation.picture import Curve, drawn
from equipoise.simulation.study import Measured, Setting
from equipoise.types import Floats


def by_policy(measured: Sequence[Measured]) -> Mapping[str, list[Measured]]:
    """Return the measurements of each policy, in order of seed."""
    names = dict.fromkeys(one.policy for one in measured)
    return {
        name: sorted((one for one in measured if one.policy == name), key=lambda one: one.seed)
        for name in names
    }


def summary(env: str, setting: Setting, measured: Sequence[Measured]) -> dict[str, Any]:
    """Return the result as JSON values; `regret_per_round` is None where the best slate is unknown."""
    return {
        "env": env,
        "rounds": setting.rounds,
        "batch": setting.batch,
        "k": setting.k,
        "seeds": sorted({one.seed for one in measured}),
        "policies": [_policy(name, runs) for name, runs in by_policy(measured).items()],
    }


def regret_picture(env: str, measured: Sequence[Measured]) -> str:
    """Return cumulative regret over rounds as SVG; cumulative reward where regret is unknown."""
    known = all(one.regret is not None for one in measured)
    what, column = ("cumulative regret", 1) if known else ("cumulative reward", 2)
    curves = [_curve(name, runs, column) for name, runs in by_policy(measured).items()]
    return drawn(curves, title=f"{what} in {env}", x="rounds", y=what)


def _policy(name: str, runs: Sequence[Measured]) -> dict[str, Any]:
    regrets = [one.regret for one in runs if one.regret is not None]
    explored = interval([one.explored for one in runs])
    rounds, means, halves = _band(runs, 1 if regrets else 2)
    return {
        "policy": name,
        "reward_per_round": asdict(interval([one.reward for one in runs])),
        "regret_per_round": asdict(interval(regrets)) if regrets else None,
        "explored_share": explored.mean,
        "explored_share_interval": asdict(explored),
        "rounds_counted": [one.rounds for one in runs],
        "seconds": [one.seconds for one in runs],
        "curve": {
            "what": "regret" if regrets else "reward",
            "rounds": rounds.tolist(),
            "mean": means.tolist(),
            "half_width": halves.tolist(),
        },
    }


def _curve(name: str, runs: Sequence[Measured], column: int) -> Curve:
    rounds, means, halves = _band(runs, column)
    return Curve(name=name, x=rounds, y=means, half=halves)


def _band(runs: Sequence[Measured], column: int) -> tuple[Floats, Floats, Floats]:
    """Return rounds, means over runs and half-widths of their intervals, (p,) each, to the shortest run."""
    points = min(len(one.curve) for one in runs)
    table = np.array([one.curve[:points] for one in runs], dtype=np.float64)
    values = table[:, :, column]
    halves = half_widths(values) if len(runs) > 1 else np.zeros(points)
    return table[:, :, 0].mean(axis=0), values.mean(axis=0), halves
