"""Is the budget ever exceeded? Every window of every run, counted anew from what was shown.

    python benchmarks/budget.py --json benchmarks/results/budget.json

In each run a policy meets a world of its own seed under a budget of its own: shares of all impressions, of
one user's, of one surface's and of one position's, and a length of windows. Slates overlap: up to `AT_ONCE`
are decided before the first of them is final, they become final in the order of the log, and one in twenty
never is. Users come and go, so that most are forgotten by the ledger between two visits. An audit that knows
nothing of the ledger then counts what was explored in every window that ends at any impression: `fullest` is
the most that was explored in a full window over what it allows. `wild` would explore wherever it may.
"""

import argparse
import json
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.balance import Budget, Charge, Ledger
from equipoise.balance.registry import named
from equipoise.policies import LinGreedy, Options, Slates, SlotBySlot
from equipoise.random import derive
from equipoise.simulation.impressions import impressions
from equipoise.simulation.registry import ENVIRONMENTS
from equipoise.types import Bools, Ints
from guardrail import Wild

WORLDS = ("slates", "position_bias", "segments", "same_items", "abrupt_drift")
POLICIES = ("balanced", "lin_boltzmann", "wild")
BATCH, AT_ONCE = 20, 12
USERS, REMEMBERED = 300, 40
SURFACES = ("home", "basket", "search", "checkout")
LOST = 0.05


def budget_of(seed: int) -> Budget:
    """Return the budget of a run: tight or loose in each of its shares, over short or long windows."""
    rng = derive(seed, "budget")
    share, per_user, per_surface, per_position = rng.choice([0.02, 0.1, 0.3, 0.7, 1.0], size=4).tolist()
    return Budget(
        share=share,
        per_user=per_user,
        per_surface=per_surface,
        per_position=per_position,
        window=int(rng.choice([7, 50, 300, 1_000])),
        users=REMEMBERED,
    )


@dataclass(slots=True)
class Audit:
    """Streams of what was shown, by what counts in one window together; knows no ledger."""

    streams: dict[tuple[str, object], list[bool]] = field(default_factory=lambda: defaultdict(list))

    def add(self, user: str, surface: str, explored: Bools) -> None:
        """Add a slate that became final."""
        for position, one in enumerate(explored.tolist()):
            for key in (
                ("share", ""),
                ("per_user", user),
                ("per_surface", surface),
                ("per_position", position),
                ("checkout", surface == "checkout"),
            ):
                self.streams[key].append(one)

    def verdict(self, budget: Budget) -> dict[str, float]:
        """Return how many windows there were, how many were exceeded, and how full the fullest was."""
        windows, exceeded, fullest = 0, 0, 0.0
        for (scope, key), stream in self.streams.items():
            if scope == "checkout":
                exceeded += sum(stream) if key else 0
                continue
            spent, lengths = _in_windows(np.array(stream), budget.window)
            allowed = getattr(budget, scope) * lengths
            windows += len(spent)
            exceeded += int((spent > allowed + 1e-9).sum())
            fullest = max(
                fullest, float((spent / np.maximum(allowed, 1e-9))[lengths >= budget.window].max(initial=0))
            )
        return {"windows": windows, "exceeded": exceeded, "fullest": fullest}


def _in_windows(stream: Bools, length: int) -> tuple[Ints, Ints]:
    """Return what was explored in the window that ends at each impression, and how long it is, (n,)."""
    total = np.concatenate(([0], np.cumsum(stream)))
    ends = np.arange(1, len(stream) + 1)
    starts = np.maximum(ends - length, 0)
    return total[ends] - total[starts], ends - starts


@dataclass(slots=True)
class Shop:
    """Grants slates from a ledger, holds them, and lets them become final late or never."""

    ledger: Ledger
    rng: np.random.Generator
    audit: Audit = field(default_factory=Audit)
    open: deque[Charge] = field(default_factory=deque)

    def serve(self, policy: SlotBySlot, options: Options, k: int) -> Slates:
        """Return a slate for one request."""
        user = f"u{int(USERS * self.rng.random() ** 2)}"
        surface = str(self.rng.choice(SURFACES, p=(0.5, 0.3, 0.1, 0.1)))
        slates, _ = self.ledger.grant(user, surface, k).decide(policy, options, k, rng=self.rng)
        charge = Charge.of(user, surface, slates.explored[0])
        self.ledger.hold(charge)
        self.open.append(charge)
        while len(self.open) > self.rng.integers(AT_ONCE):
            self.close()
        return slates

    def close(self) -> None:
        """Let the oldest open slate become final, or be lost."""
        charge = self.open.popleft()
        if self.rng.random() < LOST:
            self.ledger.release(charge)
            return
        self.ledger.settle(charge)
        self.audit.add(charge.user, charge.surface, charge.explored)


def lived(world: str, name: str, *, rounds: int, seed: int) -> dict[str, float]:
    """Return what the audit found in one run."""
    listed, budget = ENVIRONMENTS[world], budget_of(seed)
    environment: Any = listed.config().start(seed)
    shop = Shop(Ledger(budget), derive(seed, world, name, "shop"))
    policy: Any = None
    for _ in range(rounds // BATCH):
        options = environment.requests(BATCH)
        if policy is None:
            policy = started(name, options.features.shape[2])
        slates = _stacked([shop.serve(policy, _row(options, row), listed.k) for row in range(BATCH)])
        earned = environment.react(options, slates)
        policy = policy.update(impressions(options, slates, earned))
    while shop.open:
        shop.close()
    explored = shop.audit.streams["share", ""]
    return {**shop.audit.verdict(budget), "explored": float(np.mean(explored))}


def started(name: str, n_features: int) -> Any:
    """Return the policy before any feedback; `wild` is the one of guardrail.py that shows anything."""
    return Wild(LinGreedy().start(n_features).belief) if name == "wild" else named(name).start(n_features)


def _row(options: Options, row: int) -> Options:
    one = slice(row, row + 1)
    return Options(
        items=options.items[one],
        scores=options.scores[one],
        features=options.features[one],
        context=options.context[one],
    )


def _stacked(slates: list[Slates]) -> Slates:
    return Slates(
        actions=np.concatenate([one.actions for one in slates]),
        propensities=np.concatenate([one.propensities for one in slates]),
        explored=np.concatenate([one.explored for one in slates]),
        exploration=np.concatenate([one.exploration for one in slates]),
    )


def cells(runs: int) -> Iterator[tuple[int, str, str]]:
    """Yield the runs, cheap and different ones first."""
    for seed in range(runs):
        for world, name in product(WORLDS, POLICIES):
            yield seed, world, name


def table(done: Mapping[str, Mapping[str, float]]) -> str:
    """Return a line for each policy."""
    lines = [f"{'policy':<16}{'runs':>6}{'windows':>14}{'exceeded':>10}{'fullest':>9}{'explored':>10}"]
    for name in POLICIES:
        runs = [run for key, run in done.items() if key.split()[2] == name]
        if runs:
            windows, exceeded = (sum(int(run[what]) for run in runs) for what in ("windows", "exceeded"))
            fullest, explored = (
                max(run["fullest"] for run in runs),
                np.mean([run["explored"] for run in runs]),
            )
            lines.append(
                f"{name:<16}{len(runs):>6}{windows:>14,}{exceeded:>10}{fullest:>9.3f}{explored:>10.1%}"
            )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--runs", type=int, default=14, help="budgets; each is one run of a world and a policy"
    )
    parser.add_argument("--rounds", type=int, default=2_000)
    parser.add_argument("--json", type=Path, default=Path("budget.json"))
    options = parser.parse_args()
    done: dict[str, Any] = json.loads(options.json.read_text()) if options.json.exists() else {}
    for seed, world, name in cells(options.runs):
        key = f"{seed} {world} {name} {options.rounds}"
        if key not in done:
            done[key] = lived(world, name, rounds=options.rounds, seed=seed)
            options.json.write_text(json.dumps(done))
    print(table(done))


if __name__ == "__main__":
    main()
