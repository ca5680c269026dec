"""The automatic choice among estimators, by the mean squared error each is estimated to have."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from equipoise.evaluation.offpolicy.estimate import Terms
from equipoise.evaluation.offpolicy.estimators.direct_method import DirectMethod
from equipoise.evaluation.offpolicy.estimators.doubly_robust import DoublyRobust
from equipoise.evaluation.offpolicy.estimators.ips import IPS
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds
from equipoise.evaluation.offpolicy.estimators.self_normalised import SelfNormalisedIPS
from equipoise.evaluation.offpolicy.estimators.self_normalised_dr import SelfNormalisedDR
from equipoise.evaluation.offpolicy.estimators.shrinkage_dr import ShrinkageDR
from equipoise.evaluation.offpolicy.mean_squared_error import excess_error
from equipoise.evaluation.offpolicy.weighed import Weighed


@dataclass(frozen=True, kw_only=True)
class Auto(OfRounds):
    """With a reward model: DR, self-normalised DR, the direct method, or DR shrunk by one of several numbers.

    Without: self-normalised IPS, or IPS clipped by one of several. The one with the least estimated error is
    chosen, squared bias counting as far as it is beyond chance. The interval is that of DR or IPS, which have
    no bias, and is never one around the value that was chosen alone.
    """

    def chosen(self, rounds: Weighed) -> OfRounds:
        """Return the estimator that suits `rounds`."""
        return self._best(rounds)[0]

    def terms(self, rounds: Weighed) -> Terms:
        """Return the terms of the estimator chosen."""
        return self._best(rounds)[1]

    def unbiased(self, rounds: Weighed) -> Terms:
        """Return the terms of DR or IPS, of which the interval is made."""
        return next(iter(self._candidates(rounds))).terms(rounds)

    def _best(self, rounds: Weighed) -> tuple[OfRounds, Terms]:
        least, best, unbiased = np.inf, None, None
        for estimator in self._candidates(rounds):
            terms = estimator.terms(rounds)
            unbiased = terms if unbiased is None else unbiased
            error = excess_error(terms, unbiased)
            if best is None or error < least:
                least, best = error, (estimator, terms)
        assert best is not None
        return best

    def _candidates(self, rounds: Weighed) -> Iterator[OfRounds]:
        """Yield what may be chosen, the unbiased one first."""
        plain = (*IPS().grid(rounds.weights), SelfNormalisedIPS())
        shrunk = ShrinkageDR().grid(rounds.weights)[1:]
        modelled = (DoublyRobust(), SelfNormalisedDR(), DirectMethod(), *shrunk)
        for estimator in plain if rounds.expected is None else modelled:
            yield replace(estimator, interval=self.interval, confidence=self.confidence)
