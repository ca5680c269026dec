"""How many requests a surface gets: where there are few, there is little time to use what is learnt."""

import math
from collections import OrderedDict
from dataclasses import dataclass

from equipoise.errors import BadInputError

_MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficReading:
    """Requests a second of each surface, of late; surfaces not asked for are not listed."""

    rates: dict[str, float]


class Traffic:
    """Rates of requests, forgotten by half in `half_life` seconds, of the 1,000 surfaces asked for last.

    The rate is unbiased from the first second on: each request counts 2^(-age / half_life), and the sum is
    divided by what a rate of one a second would have summed up to since the surface was first seen.
    """

    def __init__(self, *, half_life: float = 600.0) -> None:
        if not half_life > 0.0:
            raise BadInputError("half_life", f"must be positive, not {half_life}")
        self._decay = math.log(2.0) / half_life
        self._surfaces: OrderedDict[str, tuple[float, float, float]] = OrderedDict()

    def add(self, surface: str, now: float) -> None:
        """Count one request on `surface` at `now` (seconds)."""
        begun, last, total = self._surfaces.get(surface, (now, now, 0.0))
        self._surfaces[surface] = begun, now, 1.0 + total * math.exp(-self._decay * max(now - last, 0.0))
        self._surfaces.move_to_end(surface)
        if len(self._surfaces) > _MOST:
            self._surfaces.popitem(last=False)

    def rate(self, surface: str, now: float) -> float:
        """Return the requests a second on `surface` as of `now` (seconds), 0 where none was."""
        if surface not in self._surfaces:
            return 0.0
        begun, last, total = self._surfaces[surface]
        span = -math.expm1(-self._decay * max(now - begun, 1.0)) / self._decay
        return total * math.exp(-self._decay * max(now - last, 0.0)) / span

    def reading(self, now: float) -> TrafficReading:
        """Return the signal as a value, as of `now` (seconds)."""
        return TrafficReading(rates={surface: self.rate(surface, now) for surface in self._surfaces})
