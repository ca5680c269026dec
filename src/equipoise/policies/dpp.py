"""Determinantal point process: slates that span much (Chen, Zhang and Zhou, 2018).

"Fast greedy MAP inference for determinantal point process to improve recommendation diversity",
algorithm 1: the Cholesky factor of the slate's kernel grows by a row with each position.
"""

from dataclasses import dataclass, field

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.around import Around, started
from equipoise.policies.likeness import Likeness
from equipoise.policies.policy import Options
from equipoise.policies.sampler import Revise
from equipoise.policies.trade import Trade, Trading
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Dpp(Trading):
    """Let `policy` choose by `relevance` * worth + (1 - `relevance`) * ln of what is new beside those above.

    What is new is the conditional variance under a kernel of (1 - `own`) * cosine + `own` * identity, `own`
    being how much of an item its features do not tell. With a greedy policy inside this is the greedy
    slate of largest determinant. Worths are taken as a share of their range over the request's candidates.
    """

    own: float = 0.1

    def __post_init__(self) -> None:
        Trading.__post_init__(self)
        if not 0.0 < self.own <= 1.0:
            raise BadInputError("own", f"must lie in (0, 1], but is {self.own}")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "DppPolicy":
        """Return the policy before any feedback."""
        return DppPolicy(started(self.policy, n_features, prior_mean), self.relevance, self.own)


@dataclass(frozen=True, slots=True)
class DppPolicy(Around):
    """The policy of `Dpp`."""

    relevance: float
    own: float

    def revising(self, options: Options) -> Revise:
        """Return worths less what is not new beside those above."""
        likeness, inner = Likeness.of(options), self.policy.revising(options)
        return _Spanned(likeness, self.relevance, inner, self.own, np.ones(options.items.shape))


@dataclass(slots=True)
class _Spanned(Trade):
    """`rows` of the Cholesky factor, each (n, m), and the conditional variances they leave, `new` (n, m)."""

    own: float
    new: Floats
    rows: list[Floats] = field(default_factory=list)

    def absorb(self, places: Ints) -> None:
        at = np.arange(len(places)), places
        row = (1.0 - self.own) * self.likeness.to(places)
        for above in self.rows:
            row -= above[at][:, None] * above
        row /= np.sqrt(self.new[at])[:, None]
        self.rows.append(row)
        self.new = np.maximum(self.new - row**2, self.own)

    def loss(self) -> Floats:
        return np.asarray(-np.log(self.new))
