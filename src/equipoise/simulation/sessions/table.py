"""A session as a table: how far a shopper has come, times what they last looked at.

The environment of a student: one cluster of products is shown at a time, every chance is written down, so
that `Process.solved` gives the exact long-term value of everything.
"""

from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInputError
from equipoise.models.reinforcement.process import Process
from equipoise.simulation.logistic import sigmoid
from equipoise.simulation.sessions.clusters import Clusters
from equipoise.types import Floats

STAGES = ("arrived", "browsing", "keen", "cart")
GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTable:
    """A shopper at one of four stages, whose last click was on one of c clusters, is shown a cluster.

    It is clicked with chance s(`intercept` + `pull` log(lift) + `tempo` stage - `sated` if it is the same
    again and there is a cart already), where the lift is how much more often the cluster follows the last
    one in real orders than it is bought at all. A click earns `click` and leads one stage on, into the cart
    it earns `cart`, and from the cart on it is a purchase, which earns `purchase` and ends the visit with
    chance `satisfied`; else it begins anew. Without a click the shopper is `gone` with a chance by stage.
    """

    intercept: float = -1.2
    pull: float = 1.0
    tempo: float = 0.3
    sated: float = 1.0
    click: float = 0.2
    cart: float = 0.5
    purchase: float = 1.0
    satisfied: float = 0.5
    gone: tuple[float, float, float, float] = (0.4, 0.25, 0.15, 0.1)

    def __post_init__(self) -> None:
        if not (0.0 <= self.satisfied <= 1.0 and all(0.0 < chance <= 1.0 for chance in self.gone)):
            raise BadInputError("gone", "chances must lie in (0, 1], and satisfied in [0, 1]")

    def process(self, clusters: Clusters) -> Process:
        """Return the table of all that may happen, for the clusters of a real shop."""
        c = len(clusters)
        chances, rewards = (np.zeros((len(STAGES) * c + 1, c, len(STAGES) * c + 1)) for _ in range(2))
        for stage in range(len(STAGES)):
            self._fill(stage, self._clicks(clusters, stage), chances, rewards)
        chances[-1, :, -1] = 1.0
        start = np.concatenate([clusters.shares, np.zeros(3 * c + 1)])
        names = tuple(f"{stage}, {cluster}" for stage in STAGES for cluster in range(c))
        return Process(
            states=(*names, GONE),
            actions=tuple(f"show {cluster}" for cluster in range(c)),
            chances=chances,
            rewards=rewards,
            start=start,
            final=(np.arange(len(start)) == len(start) - 1).astype(np.int64),
        )

    def _clicks(self, clusters: Clusters, stage: int) -> Floats:
        """Return P(click | last cluster, shown), (c, c)."""
        lift = np.log(clusters.follows / np.maximum(clusters.shares, 1e-9))
        again = self.sated * np.eye(len(clusters)) * (stage == len(STAGES) - 1)
        return sigmoid(self.intercept + self.pull * lift + self.tempo * stage - again)

    def _fill(self, stage: int, clicks: Floats, chances: Floats, rewards: Floats) -> None:
        """Write down the steps from all states of one `stage`."""
        c, last = len(clicks), stage == len(STAGES) - 1
        begun, on = self.satisfied if last else 0.0, 0 if last else (stage + 1) * c
        worth = self.click + (self.cart if stage == len(STAGES) - 2 else self.purchase if last else 0.0)
        for before in range(c):
            row = stage * c + before
            for shown in range(c):
                p = clicks[before, shown]
                chances[row, shown, on + shown] += p * (1.0 - begun)
                rewards[row, shown, on + shown] = worth
                chances[row, shown, row] += (1.0 - p) * (1.0 - self.gone[stage])
                chances[row, shown, -1] += p * begun + (1.0 - p) * self.gone[stage]
                rewards[row, shown, -1] = worth * p * begun / max(chances[row, shown, -1], 1e-12)
