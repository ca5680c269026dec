"""New items: the answers are items that nobody was seen to meet in what models learn from."""

from dataclasses import dataclass

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.data.split import days_before_end
from equipoise.data.splits.parts import Parts, cut
from equipoise.data.splits.places import newest, places
from equipoise.random import derive


@dataclass(frozen=True, slots=True, kw_only=True)
class LateItems:
    """Asks, of the last `days`, only for items that were first met in them."""

    days: float = 28.0
    relevant: float = 0.0

    @property
    def twin(self) -> "LateItems":
        """The items that came in as many days before those."""
        return self

    def hold_out(self, data: Interactions) -> Parts:
        """Cut at an instant, and ask for what was new then."""
        before = data.times < days_before_end(data, self.days)
        known = np.bincount(data.items[before], minlength=data.n_items) > 0
        asked = ~before & ~known[data.items] & (data.weights >= self.relevant)
        return cut(data, train=before, known=before, asked=asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenItems:
    """A `share` of the items is hidden from everybody who learns, and then asked for; needs no dates.

    A user's history is what was met before the first hidden item. `seed` chooses which to hide.
    """

    share: float = 0.1
    relevant: float = 0.0
    seed: int = 7

    @property
    def twin(self) -> "HiddenItems":
        """The same share of the items that are left."""
        return self

    def hold_out(self, data: Interactions) -> Parts:
        """Cut by item."""
        items = np.unique(data.items)
        hidden = np.zeros(data.n_items, np.bool_)
        chosen = derive(self.seed, "hidden items").permutation(items)
        hidden[chosen[: max(1, round(self.share * len(items)))]] = True
        asked, place = hidden[data.items], places(data)
        # The first hidden place is the last one counted backwards.
        first = -newest(data, len(data) - place, asked)[data.users] + len(data)
        return cut(
            data,
            train=~asked,
            known=~asked & (place < first),
            asked=asked & (data.weights >= self.relevant),
            past=~asked,
        )
