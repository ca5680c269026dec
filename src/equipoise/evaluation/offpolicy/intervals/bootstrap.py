"""Bootstrap intervals (Efron, 1979), resampled by independent Poisson counts, as Oza and Russell (2001) do.

The count of a round is Poisson(1) instead of its share of a multinomial: for large n the same, and one pass
over the log with all samples at once, without storing or looking up any index. A long log is resampled in
blocks of neighbours (Kuensch, 1989): their sums spread as the rounds do, even if neighbours are alike.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import pdtr

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.kernels import kernel
from equipoise.types import Floats, Ints

_LANES = 65_536
"""A count is read off 16 random bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """Percentile interval, or the studentised one (bootstrap-t), which heeds skew to second order.

    The same `seed` gives the same bits. The studentised one errs where few terms are not 0. At most `blocks`
    blocks are resampled; their number is what the spread is learned from, to 1 part in sqrt(blocks / 2).
    """

    samples: int = 500
    blocks: int = 50_000
    kind: Literal["percentile", "studentised"] = "percentile"
    seed: int = 0

    def __post_init__(self) -> None:
        if self.samples < 20:
            raise BadInputError("samples", f"must be at least 20, not {self.samples}")
        if self.blocks < 20:
            raise BadInputError("blocks", f"must be at least 20, not {self.blocks}")
        if self.kind not in ("percentile", "studentised"):
            raise BadInputError("kind", f"must be percentile or studentised, not {self.kind!r}")

    def around(self, terms: Terms, confidence: float) -> tuple[float, float]:
        """Return the ends of the interval of the mean of `terms`."""
        tails = np.array([0.5 - confidence / 2, 0.5 + confidence / 2])
        mean = terms.mean()
        means, errors = self._resampled(terms.values, mean)
        if self.kind == "percentile":
            low, high = np.quantile(means, tails)
            return mean + float(low), mean + float(high)
        scores = np.divide(means, errors, out=np.zeros_like(means), where=errors > 0.0)
        high, low = np.quantile(scores, tails) * terms.error()
        return mean - float(low), mean - float(high)

    def _resampled(self, values: Floats, mean: float) -> tuple[Floats, Floats]:
        """Return how far each sample's mean of `values` (n,) is from `mean`, and its error, (samples,)."""
        states = np.random.default_rng(self.seed).integers(1, 2**63, size=self.samples, dtype=np.uint64)
        blocks = _blocks(values, self.blocks, mean)
        counts, sums, squares = _sums(blocks, states, _THRESHOLDS)
        counts, size = np.maximum(counts, 1.0), len(values) / len(blocks)
        means = sums / counts
        errors = np.sqrt(np.maximum(squares / counts - means**2, 0.0) / counts)
        return means / size, errors / size


def _blocks(values: Floats, most: int, mean: float) -> Floats:
    """Return the sums of at most `most` blocks of neighbours of `values` (n,), less `mean` each."""
    if len(values) <= most:
        return np.asarray(values - mean, np.float64)
    starts = np.arange(most) * len(values) // most
    sums: Floats = np.add.reduceat(values, starts) - mean * np.diff(starts, append=len(values))
    return sums


def _thresholds() -> Ints:
    """Return the 16-bit numbers above which a Poisson(1) count is larger than 0, 1, …, 7."""
    thresholds: Ints = np.round(pdtr(np.arange(8), 1.0) * _LANES).astype(np.int64)
    return thresholds


_THRESHOLDS = _thresholds()


@kernel
def _sums(values: Floats, states: Ints, thresholds: Ints) -> tuple[Floats, Floats, Floats]:
    """Return the counts, the sums of `values` and of their squares of each sample.

    Each sample has its own xorshift generator (Marsaglia, 2003), of which one step serves four rounds.
    """
    samples, n = len(states), len(values)
    counts, sums, squares = np.zeros(samples), np.zeros(samples), np.zeros(samples)
    t0, t1, t2, t3 = thresholds[0], thresholds[1], thresholds[2], thresholds[3]
    t4, t5, t6, t7 = thresholds[4], thresholds[5], thresholds[6], thresholds[7]
    for start in range(0, n, 4):
        for sample in range(samples):
            state = states[sample]
            state ^= state << np.uint64(13)
            state ^= state >> np.uint64(7)
            state ^= state << np.uint64(17)
            states[sample] = state
        for lane in range(min(4, n - start)):
            value, shift = values[start + lane], np.uint64(16 * lane)
            for sample in range(samples):
                bits = np.int64((states[sample] >> shift) & np.uint64(0xFFFF))
                count = float(
                    (bits >= t0) + (bits >= t1) + (bits >= t2) + (bits >= t3)
                    + (bits >= t4) + (bits >= t5) + (bits >= t6) + (bits >= t7)
                )  # fmt: skip
                counts[sample] += count
                sums[sample] += count * value
                squares[sample] += count * value * value
    return counts, sums, squares
