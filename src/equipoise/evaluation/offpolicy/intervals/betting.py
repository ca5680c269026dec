"""A confidence sequence by betting (Waudby-Smith and Ramdas, 2024, the hedged capital of section 4.1).

Who bets fairly against a mean cannot grow rich if it is the true one (Ville's inequality). The interval holds
every mean against which neither side has made more than the confidence allows.
"""

from dataclasses import dataclass
from math import log

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.kernels import kernel
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Betting:
    """Holds at all times at once and at every sample size, for bounded terms in the order of the log.

    Stakes follow the spread seen so far; none is more than `most` of what would be lost for certain.
    """

    most: float = 0.5

    def __post_init__(self) -> None:
        if not 0.0 < self.most < 1.0:
            raise BadInputError("most", f"must lie between 0 and 1, not {self.most}")

    def around(self, terms: Terms, confidence: float) -> tuple[float, float]:
        """Return the ends of the interval of the mean of `terms`."""
        floor, ceiling = terms.bounds()
        span = ceiling - floor
        if span == 0.0:
            return floor, ceiling
        scaled = np.clip((terms.values - floor) / span, 0.0, 1.0)
        left = 1.0 - confidence
        stakes, enough = _stakes(scaled, left), log(2.0 / left)
        low = _end(scaled, stakes, self.most, enough)
        high = 1.0 - _end(1.0 - scaled, stakes, self.most, enough)
        return floor + span * low, floor + span * high


def _stakes(values: Floats, left: float) -> Floats:
    """Return the predictable stakes sqrt(2 ln(2 / a) / (V_{t-1} t ln(1 + t))), V from what came before."""
    times = np.arange(1, len(values) + 1)
    means = (0.5 + np.cumsum(values)) / (times + 1)
    spreads = (0.25 + np.cumsum((values - means) ** 2)) / (times + 1)
    before = np.concatenate(([0.25], spreads[:-1]))
    stakes: Floats = np.sqrt(2.0 * log(2.0 / left) / (before * times * np.log1p(times)))
    return stakes


@kernel
def _end(values: Floats, stakes: Floats, most: float, enough: float) -> float:
    """Return the largest mean below which every one is refuted by bets that `values` (n,) are larger."""
    low, high = 0.0, 1.0
    for _ in range(40):
        mean = 0.5 * (low + high)
        cap, capital, product = most / mean, 0.0, 1.0
        for time in range(len(values)):
            product *= 1.0 + min(stakes[time], cap) * (values[time] - mean)
            if time % 32 == 31:  # one logarithm for many steps; their product stays far from overflow
                capital, product = capital + np.log(product), 1.0
        capital += np.log(product)
        if capital >= enough:
            low = mean
        else:
            high = mean
    return low
