"""EASE's fit beside the time that its n³ flops take at the rate of a float32 matrix product, in the same run.

python benchmarks/speed_ease.py [--out benchmarks/results/speed_ease.json] [SIZE ...]
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from scipy import linalg
from threadpoolctl import threadpool_limits

from equipoise.data.interactions import Interactions
from equipoise.models import EASE
from equipoise.random import derive
from equipoise.types import Floats

SIZES = [4_000, 8_000, 12_000]
PER_USER = 10
REG = 100.0
COMPARED = 8_000
"""The largest catalogue that is solved in float64 as well."""


def made_up(n_items: int) -> Interactions:
    """Two users an item, ten items each, drawn with a popularity that falls as in shops."""
    rng = derive(1, "speed_ease", str(n_items))
    n_users = 2 * n_items
    chance = 1 / (20 + np.arange(n_items))
    n = n_users * PER_USER
    return Interactions(
        users=np.repeat(np.arange(n_users), PER_USER),
        items=rng.choice(n_items, n, p=chance / chance.sum()),
        times=np.tile(np.arange(PER_USER), n_users),
        weights=np.ones(n),
        values=np.zeros(n),
        n_users=n_users,
        n_items=n_items,
    )


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what `work` returns, its processor seconds and its wall seconds."""
    processor, wall = process_time(), perf_counter()
    result = work()
    return result, process_time() - processor, perf_counter() - wall


def flops_a_second(n: int) -> float:
    """Return the best of three float32 products of (n, n) matrices, flops per processor second."""
    one = derive(2).standard_normal((n, n), dtype=np.float32)
    return max(2 * n**3 / timed(lambda: one @ one)[1] for _ in range(3))


def in_float64(data: Interactions) -> Floats:
    matrix = data.matrix()
    gram = (matrix.T @ matrix).toarray().astype(np.float64) + REG * np.eye(data.n_items)
    inverse: Floats = linalg.inv(gram, overwrite_a=True, check_finite=False)
    weights: Floats = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0.0)
    return weights


def measured(n_items: int) -> dict[str, float]:
    data = made_up(n_items)
    before = flops_a_second(3_000)
    scorer, processor, wall = timed(lambda: EASE(reg=REG).fit(data, rng=derive(1)))
    rate = (before + flops_a_second(3_000)) / 2
    figures = {
        "items": n_items,
        "fit_processor_seconds": processor,
        "fit_wall_seconds": wall,
        "product_gflops": rate / 1e9,
        "ratio_to_cubed_over_rate": processor / (n_items**3 / rate),
    }
    if n_items > COMPARED:
        return figures
    exact, slow, _ = timed(lambda: in_float64(data))
    off = float(np.abs(scorer.weights - exact).max())
    return {**figures, "float64_processor_seconds": slow, "largest_error": off, "largest_weight": exact.max()}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("sizes", nargs="*", type=int, default=SIZES)
    asked.add_argument("--out", type=Path, default=Path("benchmarks/results/speed_ease.json"))
    options = asked.parse_args()
    rows = []
    with threadpool_limits(1):
        for size in options.sizes:
            rows.append(measured(size))
            print("  ".join(f"{name} {figure:.4g}" for name, figure in rows[-1].items()), flush=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps({"blas_threads": 1, "reg": REG, "sizes": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
