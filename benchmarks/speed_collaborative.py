"""Speed of collaborative filtering, beside the peers, on the same matrix and in the same run.

    python benchmarks/speed_collaborative.py --peers implicit=PYTHON lenskit=PYTHON rectools=PYTHON
    python benchmarks/speed_collaborative.py --peers implicit=PYTHON --parts topk

PYTHON is the interpreter of an environment of that peer's own: pip install implicit==0.7.3, lenskit==2026.*
(Python 3.12.5 or newer), rectools==0.19.*. One BLAS thread each; seconds are of CPU time. A part is a file
`speed_collaborative_NAME.py` with `run(peers) -> figures`, and a line in `PARTS`. Figures go to
results/speed_collaborative/NAME.json.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

Part = Callable[[Mapping[str, str]], dict[str, Any]]
PARTS = ("topk", "libraries")
RESULTS = Path(__file__).parent / "results" / "speed_collaborative"


def machine() -> dict[str, Any]:
    """Return what the figures depend on besides the code."""
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, one BLAS thread",
        "python": platform.python_version(),
        "versions": {package: version(package) for package in ("equipoise", "numpy", "scipy", "numba")},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peers", metavar="NAME=PYTHON", nargs="*", default=[], help="who takes part")
    parser.add_argument("--parts", default=",".join(PARTS), help="comma-separated")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder of the figures")
    asked = parser.parse_args()
    peers = dict(each.split("=", 1) for each in asked.peers)
    asked.results.mkdir(parents=True, exist_ok=True)
    for name in asked.parts.split(","):
        print(f"{name} (one BLAS thread)")
        # Imported only now: BLAS reads the number of threads when it is first loaded.
        run: Part = import_module(f"speed_collaborative_{name}").run
        figures = machine() | run(peers)
        (asked.results / f"{name}.json").write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
