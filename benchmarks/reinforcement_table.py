"""The tables of the guide about long-term values, from the results that `benchmarks/reinforcement.py` keeps.

python benchmarks/reinforcement_table.py benchmarks/results/reinforcement --learner slate_q
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy import stats

Returns = Mapping[str, Mapping[int, float]]
"""The mean return of each contestant by seed."""
LEARNERS = ("slate_q", "double_dqn", "actor_critic", "reinforce")
NOT_LEARNING = ("greedy",)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--learner", default="slate_q", help="Who is compared with the bandits.")
    options = parser.parse_args()
    found = returns(options.folder)
    print(table(found), *margins(found, options.learner), sep="\n")


def returns(folder: Path) -> Returns:
    """Return what was kept in `folder` of everyone who learnt online."""
    found: dict[str, dict[int, float]] = {}
    for path in sorted(folder.glob("online-*.json")):
        name, _, seed = path.stem.removeprefix("online-").rpartition("-")
        found.setdefault(name, {})[int(seed)] = json.loads(path.read_text())["return"]
    return found


def table(found: Returns) -> str:
    """Return a row a contestant, the one who earns most on top."""
    order = sorted(found, key=lambda name: -float(np.mean([*found[name].values()])))
    rows = [f"| `{name}` | {interval([*found[name].values()])} | {len(found[name])} |" for name in order]
    return "\n".join(["| | return | seeds |", "|---|---|---|", *rows])


def margins(found: Returns, learner: str) -> list[str]:
    """Return how much more `learner` earns than each bandit, and than the best bandit of each seed."""
    bandits = [name for name in found if name not in (*LEARNERS, *NOT_LEARNING)]
    best = {
        seed: max(found[name][seed] for name in bandits if seed in found[name])
        for seed in set[int]().union(*(found[name] for name in bandits))
    }
    against = {**{f"`{name}`": found[name] for name in bandits}, "the best bandit of each seed": best}
    return [_line(learner, name, found[learner], returned) for name, returned in against.items()]


def _line(learner: str, whom: str, mine: Mapping[int, float], theirs: Mapping[int, float]) -> str:
    seeds = sorted({*mine} & {*theirs})
    more = [100.0 * (mine[seed] / theirs[seed] - 1.0) for seed in seeds]
    return f"`{learner}` earns {interval(more, 1)} % more than {whom} ({len(seeds)} seeds)"


def interval(values: Sequence[float], digits: int = 2) -> str:
    """Return the mean and the reach of its 95 % interval (Student's t)."""
    if len(values) < 2:
        return f"{np.mean(values):.{digits}f}"
    reach = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)
    return f"{np.mean(values):.{digits}f} ± {reach:.{digits}f}"


if __name__ == "__main__":
    main()
