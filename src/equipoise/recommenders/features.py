"""What the policy knows of a (shopper, item) pair: few, bounded numbers a linear model can learn on."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from equipoise.recommenders.view import View
from equipoise.types import Bools, Floats, Ints

_LIMIT = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Features of candidates; `log_popularity` (n_items,) has mean 0 and deviation 1.

    `models` names the scores among them, in the order of the panel.
    """

    models: tuple[str, ...]
    log_popularity: Floats
    revision: ClassVar[str] = "1"

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each feature, (d,)."""
        models = tuple(f"score_{name}" for name in self.models)
        rest = ("popularity", "new", "affinity", "new_affinity", "recent_affinity", "price", "price_gap")
        return ("bias", "blend", *models, *rest)

    @property
    def version(self) -> str:
        """Changes whenever the meaning of a column does."""
        return f"shop-{self.revision}:" + ",".join(self.models)

    @property
    def supporting(self) -> Bools:
        """Which features can only speak for an item, (d,): scores, popularity and affinities."""
        neutral = {"bias", "new", "price", "price_gap"}
        return np.array([name not in neutral for name in self.names])

    def __len__(self) -> int:
        return len(self.names)

    def of(self, view: View, items: Ints) -> Floats:
        """Return the features of `items` (m,) for a request, (m, d) float32, each within [-2, 2]."""
        places = np.where(view.new[items], 0, items)
        new = view.new[items].astype(np.float32)
        affinity = view.affinity[items]
        price = self._price(view, items)
        columns = np.empty((len(self), len(items)), np.float32)
        columns[0] = 1.0
        columns[1] = _squash(view.blend[items])
        columns[2:-7] = _squash(view.parts[:, items])
        columns[-7] = np.clip(self.log_popularity[places] / 2, -_LIMIT, _LIMIT) * ~view.new[items]
        columns[-6:-3] = new, affinity, new * affinity
        columns[-3] = view.recent_affinity[items]
        columns[-2:] = price, np.abs(price)
        return np.ascontiguousarray(columns.T)

    def _price(self, view: View, items: Ints) -> Floats:
        """Return the log of the price over the history's median price, 0 where either is unknown."""
        prices, history = view.catalogue.prices, view.request.history
        paid = prices[history[history < len(prices)]]
        usual = _median(paid[paid > 0])
        ratio = np.clip(prices[items] / usual, np.exp(-_LIMIT), np.exp(_LIMIT))
        return np.where(ratio > 0, np.log(ratio), 0.0)


def _median(prices: Floats) -> float:
    """Return the median, NaN of nothing; NumPy's own takes ten times as long for as few."""
    ordered, middle = np.sort(prices), len(prices) // 2
    if len(ordered) == 0:
        return np.nan
    return float(ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2)


def standard_log(counts: Floats) -> Floats:
    """Return log(1 + counts) with mean 0 and deviation 1, (n,) float32."""
    logs = np.log1p(counts)
    return np.asarray((logs - logs.mean()) / max(float(logs.std()), 1e-9), np.float32)


def _squash(scores: Floats) -> Floats:
    """Return standardised scores with their long tail drawn in: the sign times log(1 + size) / 2."""
    squashed: Floats = np.clip(np.sign(scores) * np.log1p(np.abs(scores)) / 2, -_LIMIT, _LIMIT)
    return squashed
