"""Maximal marginal relevance: what is like one of those above is worth less (Carbonell and Goldstein, 1998).

"The use of MMR, diversity-based reranking for reordering documents and producing summaries".
"""

from dataclasses import dataclass

import numpy as np

from equipoise.policies.around import Around, started
from equipoise.policies.likeness import Likeness
from equipoise.policies.policy import Options
from equipoise.policies.sampler import Revise
from equipoise.policies.trade import Trade, Trading
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Mmr(Trading):
    """Let `policy` choose by `relevance` * worth - (1 - `relevance`) * the largest cosine to those above.

    Worths are taken as a share of their range over the request's candidates; a cosine below 0 counts 0.
    """

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "MmrPolicy":
        """Return the policy before any feedback."""
        return MmrPolicy(started(self.policy, n_features, prior_mean), self.relevance)


@dataclass(frozen=True, slots=True)
class MmrPolicy(Around):
    """The policy of `Mmr`."""

    relevance: float

    def revising(self, options: Options) -> Revise:
        """Return worths less the likeness to the likest of those above."""
        likest = np.zeros(options.items.shape)
        return _Likest(Likeness.of(options), self.relevance, self.policy.revising(options), likest)


@dataclass(slots=True)
class _Likest(Trade):
    likest: Floats

    def absorb(self, places: Ints) -> None:
        np.maximum(self.likest, self.likeness.to(places), out=self.likest)

    def loss(self) -> Floats:
        return self.likest
