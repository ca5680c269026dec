"""What a piece of work costs: seconds, and the most memory the process held meanwhile."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@dataclass(slots=True)
class Cost:
    """Filled in when the work is done; `memory_mb` is the peak of the whole process."""

    seconds: float = 0.0
    memory_mb: float = 0.0


@contextmanager
def metered() -> Iterator[Cost]:
    """Measure what is inside."""
    cost = Cost()
    # Linux forgets the earlier peak when asked; elsewhere the peak is that of the process so far.
    with suppress(OSError):
        _RESET.write_text("5")
    started = time.perf_counter()
    yield cost
    cost.seconds = time.perf_counter() - started
    cost.memory_mb = _peak_mb()


def _peak_mb() -> float:
    with suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
