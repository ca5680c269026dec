"""Off-policy estimators beside Open Bandit Pipeline 0.5.7: the same values, and what they cost.

    python benchmarks/offpolicy_obp.py --peer /tmp/peers/bin/python --rounds 1000000 --json obp.json

The peer needs an environment of its own on Python 3.11:

    pip install --ignore-requires-python --no-deps obp==0.5.7 pyieoe
    pip install 'numpy==1.26.*' 'scipy==1.13.*' 'pandas==2.3.*' 'scikit-learn==1.5.*' torch tqdm pyyaml \
        matplotlib seaborn

Each side runs as a process of its own. "seconds" are those of IPS and DR with 100 bootstrap samples each, the
feedback being in memory (equipoise: read in pieces of 10,000 rounds, drawing them not counted); "peak" is the
most memory the process ever held, its feedback included; "above" what evaluating added to that of loading.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from equipoise.evaluation.offpolicy import LoggedActions, Target, Weighed
from equipoise.evaluation.offpolicy.estimators import (
    IPS,
    MIPS,
    BalancedIPS,
    BalancedLoggersDR,
    BalancedLoggersIPS,
    DirectMethod,
    DoublyRobust,
    Replay,
    SelfNormalisedDR,
    SelfNormalisedIPS,
    ShrinkageDR,
    SubGaussianDR,
    SubGaussianIPS,
    SwitchDR,
    WeightedLoggersDR,
    WeightedLoggersIPS,
)
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds
from equipoise.evaluation.offpolicy.intervals import Bootstrap, Normal
from equipoise.evaluation.offpolicy.slates import (
    CascadeDR,
    IndependentIPS,
    LoggedSlates,
    RewardInteractionIPS,
    SlateChances,
    SlateIPS,
    SlateTarget,
)
from equipoise.evaluation.offpolicy.slates.slates import OfSlates
from equipoise.evaluation.offpolicy.tuning import tuned
from offpolicy_obp_peer import piece, pieces

Feedback = dict[str, Any]
T = TypeVar("T")
GRID = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 1e6]
QUICK = Normal()
PEER = Path(__file__).with_name("offpolicy_obp_peer.py")


def feedback(rounds: int, rng: np.random.Generator) -> Feedback:
    """Return everything that any estimator reads, drawn anew."""
    told: Feedback = piece(3, rounds, 10)
    heavy = np.exp(rng.normal(size=(2, rounds, 10)))
    told["logging"], told["target"] = heavy / heavy.sum(axis=2, keepdims=True)
    told["context"] = rng.normal(size=(rounds, 3))
    told["action"] = (told["logging"].cumsum(axis=1) < rng.random(rounds)[:, None]).sum(axis=1).clip(0, 9)
    rows = np.arange(rounds)
    told["reward"] = (rng.random(rounds) < told["predictions"][rows, told["action"]]).astype(float)
    told["propensity"] = told["logging"][rows, told["action"]]
    told["mixture"] = 0.6 * told["propensity"] + 0.4 / 10
    told["logger"] = rng.integers(2, size=rounds)
    told["guessed"] = rng.gamma(2.0, size=rounds)
    of_levels = rng.dirichlet(np.ones(4), size=(10, 2)).transpose(0, 2, 1)
    told["embedding_chances"] = of_levels
    of_logged = of_levels[told["action"]].cumsum(axis=1)
    told["embedding"] = (of_logged < rng.random((rounds, 1, 2))).sum(axis=1).clip(0, 3)
    return told | slates(rounds // 5, 3, 6, rng)


def slates(n: int, k: int, actions: int, rng: np.random.Generator) -> Feedback:
    """Return slates by policies that fill each position by itself, flat as the peer wants them."""
    chances = rng.dirichlet(np.ones(actions), size=(2, n, k))
    action = (chances[0].cumsum(axis=2) < rng.random((n, k, 1))).sum(axis=2).clip(0, actions - 1)
    told: Feedback = {
        "slate_action": action,
        "slate_reward": (rng.random((n, k)) < 0.3).astype(float),
        "slate_q": rng.random((n, k, actions)),
        "slate_dist": chances[1],
    }
    for name, policy in (("logging", chances[0]), ("target", chances[1])):
        marginal = np.take_along_axis(policy, action[:, :, None], axis=2)[:, :, 0]
        cascade = marginal.cumprod(axis=1)
        told[f"marginal_{name}"], told[f"cascade_{name}"] = marginal.ravel(), cascade.ravel()
        told[f"whole_{name}"] = np.repeat(cascade[:, -1], k)
    return told


def ours(told: Feedback) -> dict[str, float]:
    """Return the value by every estimator that both have."""
    log = LoggedActions(
        actions=told["action"],
        rewards=told["reward"],
        propensities=told["propensity"],
        n_actions=10,
        logging=told["logging"],
        predictions=told["predictions"],
        loggers=told["logger"],
        mixture=told["mixture"],
    )
    target = Target.of(told["target"], log)
    sure = (told["target"] == told["target"].max(axis=1, keepdims=True)).astype(float)
    levels, chances = told["embedding"], told["embedding_chances"]
    estimators: dict[str, OfRounds] = {
        "ips": IPS(interval=QUICK),
        "ips 3": IPS(clip=3.0, interval=QUICK),
        "self_normalised": SelfNormalisedIPS(interval=QUICK),
        "direct_method": DirectMethod(interval=QUICK),
        "doubly_robust": DoublyRobust(interval=QUICK),
        "doubly_robust 3": DoublyRobust(clip=3.0, interval=QUICK),
        "self_normalised_dr": SelfNormalisedDR(interval=QUICK),
        "switch_dr 3": SwitchDR(threshold=3.0, interval=QUICK),
        "shrinkage_dr 10": ShrinkageDR(shrinkage=10.0, interval=QUICK),
        "sub_gaussian .05": SubGaussianIPS(mix=0.05, interval=QUICK),
        "sub_gaussian_dr .05": SubGaussianDR(mix=0.05, interval=QUICK),
        "balanced_ips": BalancedIPS(weights=told["guessed"], interval=QUICK),
        "loggers balanced": BalancedLoggersIPS(interval=QUICK),
        "loggers weighted": WeightedLoggersIPS(interval=QUICK),
        "loggers balanced dr": BalancedLoggersDR(interval=QUICK),
        "loggers weighted dr": WeightedLoggersDR(interval=QUICK),
        "mips": MIPS(embeddings=levels, chances=chances, interval=QUICK),
        "mips normalised": MIPS(
            embeddings=levels[:, :1], chances=chances[:, :, :1], self_normalised=True, interval=QUICK
        ),
    }
    values = {name: one.estimate(log, target).value for name, one in estimators.items()}
    values["replay"] = Replay(interval=QUICK).estimate(log, Target.of(sure, log)).value
    return values | our_slates(told) | our_tuned(Weighed.of(log, target))


def our_slates(told: Feedback) -> dict[str, float]:
    n, k = told["slate_reward"].shape
    kept = {
        name: SlateChances(
            whole=told[f"whole_{name}"].reshape(n, k)[:, -1],
            cascade=told[f"cascade_{name}"].reshape(n, k),
            marginal=told[f"marginal_{name}"].reshape(n, k),
        )
        for name in ("logging", "target")
    }
    logged_q = np.take_along_axis(told["slate_q"], told["slate_action"][:, :, None], axis=2)[:, :, 0]
    log = LoggedSlates(rewards=told["slate_reward"], logging=kept["logging"], values=logged_q)
    target = SlateTarget(chances=kept["target"], values=(told["slate_dist"] * told["slate_q"]).sum(axis=2))
    kinds: dict[str, OfSlates] = {
        "sips": SlateIPS(interval=QUICK),
        "iips": IndependentIPS(interval=QUICK),
        "rips": RewardInteractionIPS(interval=QUICK),
        "sips normalised": SlateIPS(self_normalised=True, interval=QUICK),
        "iips normalised": IndependentIPS(self_normalised=True, interval=QUICK),
        "rips normalised": RewardInteractionIPS(self_normalised=True, interval=QUICK),
        "cascade_dr": CascadeDR(interval=QUICK),
    }
    return {name: one.estimate(log, target).value for name, one in kinds.items()}


def our_tuned(rounds: Weighed) -> dict[str, float]:
    ips, dr = (
        [IPS(clip=clip, interval=QUICK) for clip in GRID],
        [DoublyRobust(clip=c, interval=QUICK) for c in GRID],
    )
    values = {"tuned ips slope": tuned(ips[0], rounds, by="slope", grid=ips).of(rounds).value}
    values["tuned dr slope"] = tuned(dr[0], rounds, by="slope", grid=dr).of(rounds).value
    values["tuned ips mse"] = tuned(ips[-1], rounds, by="mse", grid=ips[::-1]).of(rounds).value
    values["tuned dr mse"] = tuned(dr[-1], rounds, by="mse", grid=dr[::-1]).of(rounds).value
    return values


def speed(rounds: int) -> dict[str, Any]:
    """Return what equipoise takes for the same rounds, read in pieces."""
    estimators: dict[str, OfRounds] = {
        "ips": IPS(interval=Bootstrap(samples=100)),
        "doubly_robust": DoublyRobust(interval=Bootstrap(samples=100)),
    }
    for one in estimators.values():  # compiled before the clock starts, as it is once an installation
        one.of(weighed(piece(0, 500, 20)))
    before, clock = peak(), Clock()
    drawn = (piece(number, size, 20) for number, size in pieces(rounds))
    whole = clock.of(lambda: Weighed.joined(clock.each(drawn)))
    found = clock.of(lambda: {name: one.of(whole) for name, one in estimators.items()})
    return {
        "seconds": clock.seconds,
        "before_mb": before,
        "peak_mb": peak(),
        "found": {name: [one.value, one.low, one.high] for name, one in found.items()},
    }


class Clock:
    """Counts the seconds of evaluating, without those of drawing the feedback."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def of(self, work: Callable[[], T]) -> T:
        """Return what `work` does, its seconds counted."""
        start = time.perf_counter()
        result = work()
        self.seconds += time.perf_counter() - start
        return result

    def each(self, drawn: Iterator[Feedback]) -> Iterator[Weighed]:
        """Yield the pieces weighed, the seconds of drawing them left out."""
        while True:
            start = time.perf_counter()
            told = next(drawn, None)
            self.seconds -= time.perf_counter() - start
            if told is None:
                return
            yield weighed(told)


def weighed(told: Feedback) -> Weighed:
    log = LoggedActions(
        actions=told["action"],
        rewards=told["reward"],
        propensities=told["propensity"],
        n_actions=told["target"].shape[1],
        predictions=told["predictions"],
    )
    return Weighed.of(log, Target.of(told["target"], log))


def peak() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def asked(python: str, script: Path, *arguments: str) -> dict[str, Any]:
    """Return the JSON that `script` prints under `python`."""
    told = subprocess.run([python, str(script), *arguments], check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return answer


def equality(peer: str, rounds: int) -> dict[str, dict[str, float]]:
    """Return both values of every estimator on one feedback, and how far they are apart."""
    told = feedback(rounds, np.random.default_rng(1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feedback.npz"
        np.savez(path, **told)
        theirs = asked(peer, PEER, "equal", str(path))
    mine = ours(told)
    return {
        name: {"equipoise": mine[name], "obp": value, "apart": abs(mine[name] - value)}
        for name, value in theirs.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--peer", help="the Python that has Open Bandit Pipeline")
    parser.add_argument("--rounds", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--ours", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ours:
        print(json.dumps(speed(options.rounds)))
        return
    same = equality(options.peer, 10_000)
    for name, row in same.items():
        print(f"{name:24} {row['equipoise']:.9f} {row['obp']:.9f}  apart {row['apart']:.1e}")
    runs = {
        "equipoise": asked(sys.executable, Path(__file__), "--ours", "--rounds", str(options.rounds)),
        "obp": asked(options.peer, PEER, "speed", str(options.rounds)),
    }
    for name, run in runs.items():
        above = run["peak_mb"] - run["before_mb"]
        print(f"{name:10} {run['seconds']:.2f} s, peak {run['peak_mb']:,.0f} MB, above {above:,.0f} MB")
        print(f"{'':10} {run['found']}")
    if options.json is not None:
        options.json.write_text(json.dumps({"rounds": options.rounds, "equal": same, "cost": runs}, indent=2))


if __name__ == "__main__":
    main()
