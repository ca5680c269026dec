"""Rounds a second of one core, in every world, with a trivial policy, in batches of 1,000.

python benchmarks/simulation_speed.py [ROUNDS]
"""

import sys
from dataclasses import dataclass
from time import process_time

import numpy as np

from equipoise.policies.policy import Options, Slates
from equipoise.random import derive
from equipoise.simulation.registry import ENVIRONMENTS
from equipoise.simulation.runner import run
from equipoise.types import Floats, Ints

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class First:
    """Show the first candidates, whatever they are."""

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        """Return the first `k` places of every row."""
        n = len(options)
        return Slates(
            actions=np.broadcast_to(np.arange(k), (n, k)),
            propensities=np.ones((n, k)),
            explored=np.zeros((n, k), dtype=bool),
            exploration=np.zeros(n),
        )

    def propensities(self, options: Options, actions: Ints) -> Floats:
        """Return 1 for the first places and 0 for others."""
        return np.equal(actions, np.arange(actions.shape[1])).astype(np.float64)


def rounds_a_second(name: str, *, rounds: int) -> float:
    listed = ENVIRONMENTS[name]
    environment = listed.config().start(0)
    run(environment, First(), rounds=BATCH, batch=BATCH, k=listed.k, rng=derive(0))
    begun = process_time()
    run(environment, First(), rounds=rounds, batch=BATCH, k=listed.k, rng=derive(0))
    return rounds / (process_time() - begun)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for name in ENVIRONMENTS:
        if not name.endswith("_replay"):
            print(f"{name:<20}{rounds_a_second(name, rounds=rounds):>12,.0f} rounds/s")


if __name__ == "__main__":
    main()
