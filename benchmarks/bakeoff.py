r"""Our policies beside tuned peers, in every world whose truth is known.

    python benchmarks/bakeoff.py --peers PYTHON --out benchmarks/results/bakeoff

PYTHON is an interpreter that has the peers and what our simulation needs:

    pip install "vowpalwabbit==9.11.*" "mabwiser==2.7.*" \
        numpy scipy msgspec numba pyarrow safetensors threadpoolctl

Every contestant decides 20 requests, then learns from them, 20,000 requests in all. Ours have one setting
for all worlds; of each peer, every world has its own, tuned on seeds that are not compared. Each
measurement is kept in the folder as it is made: a stopped benchmark goes on where it was, and `--table`
writes docs/guide/bakeoff.md and its pictures from whatever is there.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bakeoff_runs import FRESH_SEEDS, RESULTS, ROUNDS, WORLDS, measured
from bakeoff_store import Run, Store
from bakeoff_table import write_page
from equipoise.balance.registry import named
from equipoise.progress import track

HERE = Path(__file__).parent
OURS, SETTING = ("balanced", "bank_greedy", "lin_boltzmann", "lin_greedy", "uniform"), "default"


def main() -> None:
    options = _options()
    store = Store.opened(options.out)
    for name in options.again:
        store.forget(name)
    ours(store, options.ours, options.worlds, options.rounds)
    if options.peers is not None:
        _peers(options)
    if options.table:
        write_page(Store.opened(options.out), options.rounds)


def ours(store: Store, policies: Sequence[str], worlds: Sequence[str], rounds: int) -> None:
    """Measure our `policies` with their defaults where that is not done yet."""
    wanted = [(world, name, seed) for world in worlds for seed in FRESH_SEEDS for name in policies]
    for world, name, seed in track(wanted, "ours"):
        store.get(
            (world, name, SETTING, rounds, seed),
            lambda: _measured(world, name, seed, rounds),  # noqa: B023
            file="equipoise",
        )


def _measured(world: str, name: str, seed: int, rounds: int) -> Run:
    run = measured(world, name, SETTING, seed, config=named(name), rounds=rounds, curve=True)
    print(f"{world:18s} {name:14s} seed {seed} regret {run.regret:.4f} {run.seconds:.1f} s", flush=True)
    return run


def _peers(options: argparse.Namespace) -> None:
    """Run the peers in their own interpreter, which prints what it measures."""
    command = [options.peers, HERE / "bakeoff_peers.py", "--out", options.out, "--rounds", options.rounds]
    command += ["--worlds", ",".join(options.worlds), "--libraries", options.libraries]
    paths = os.pathsep.join([str(HERE.parent / "src"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    done = subprocess.run([str(part) for part in command], env=environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--peers", help="an interpreter that has them; without it, only ours run")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--worlds", type=_names, default=WORLDS)
    parser.add_argument("--ours", type=_names, default=OURS, help="our policies, by name")
    parser.add_argument("--again", type=_names, default=(), help="contestants of ours to measure anew")
    parser.add_argument("--libraries", default="vw,mabwiser")
    parser.add_argument("--table", action="store_true", help="write the page at the end")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    return text.split(",") if text else []


if __name__ == "__main__":
    main()
