"""The dashboard's board: figures added up by the learner's thread, shown to any."""

from collections.abc import Callable, Sequence

import numpy as np

from equipoise.policies.policy import Policy
from equipoise.serving.arms import Arms
from equipoise.serving.feed import Numbered
from equipoise.serving.figures import Figures
from equipoise.serving.report import Report
from equipoise.serving.shelf import Shelf
from equipoise.serving.times import now

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
        main = next(iter(arms.values()))
        return self._figures.report(
            self._reported,
            {name: (arm.title, arm.version) for name, arm in arms.items()},
            self._least_known(main.recommender.policy),
            self._title,
        )

    def _title(self, item_id: str) -> str:
        item = self._shelf.find(item_id)
        return item_id if item is None or not item.title else item.title

    def _least_known(self, policy: Policy) -> list[tuple[str, float]]:
        """Return the available items that `policy` is least sure of, with its deviations."""
        deviations: Callable[[int], np.ndarray] | None = getattr(policy, "deviations", None)
        ids, available = self._shelf.ids, self._shelf.catalogue.available
        if deviations is None or len(available) == 0:
            return []
        unsure = np.where(available, deviations(len(available)), -1.0)
        return [(ids[code], float(unsure[code])) for code in np.argsort(-unsure)[:_LEAST_KNOWN].tolist()]
