"""The dashboard's board: figures added up by the learner's thread, shown to any."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from equipoise.policies.policy import Policy
from equipoise.serving.arms import Arms
from equipoise.serving.doubt import least_known
from equipoise.serving.feed import Numbered
from equipoise.serving.figures import Figures
from equipoise.serving.report import Report
from equipoise.serving.shelf import Shelf
from equipoise.serving.times import now
from equipoise.types import Floats, Ints

_EVERY = 1_000_000
_LEAST_KNOWN = 10


class Board:
    """Keeps `report` fresh to the second; `report` is immutable and replaced whole."""

    def __init__(self, figures: Figures, shelf: Shelf) -> None:
        self._figures, self._shelf = figures, shelf
        self._reported = 0
        self.report: Report | None = None

    def add(self, facts: Sequence[Numbered], arms: Arms) -> None:
        """Count `facts`, and report again if the last report is a second old."""
        self._figures.add(facts)
        if arms and now() - self._reported >= _EVERY:
            self._reported = now()
            self.report = self._report(arms)

    def mark(self, label: str, moment: int) -> None:
        """Note on the chart that something happened at `moment` (microseconds)."""
        self._figures.mark(label, moment)

    def _report(self, arms: Arms) -> Report:
        variant, main = next(iter(arms.items()))
        return self._figures.report(
            self._reported,
            {name: (arm.title, arm.version) for name, arm in arms.items()},
            self._least_known(main.recommender.policy, variant),
            self._title,
        )

    def _title(self, item_id: str) -> str:
        item = self._shelf.find(item_id)
        return item_id if item is None or not item.title else item.title

    def _least_known(self, policy: Policy, variant: str) -> list[tuple[str, float]]:
        """Return the available items that `policy`, which serves `variant`, is least sure of."""
        deviations: Callable[[int], Floats] | None = getattr(policy, "deviations", None)
        ids, catalogue = self._shelf.ids, self._shelf.catalogue
        if deviations is None or len(catalogue) == 0:
            return []
        unsure = deviations(len(catalogue))
        chances = self._chances(self._figures.considered(variant), len(catalogue))
        first = least_known(unsure, chances, catalogue, _LEAST_KNOWN)
        return [(ids[code], float(unsure[code])) for code in first.tolist()]

    def _chances(self, considered: Mapping[str, int], n: int) -> Ints:
        """Return for how many slates each of the first `n` items was a candidate, (n,)."""
        counts = np.zeros(n + 1, np.int64)  # the last for items that are gone, whose code is -1
        counts[[self._shelf.code(item) for item in considered]] = list(considered.values())
        return counts[:n]
